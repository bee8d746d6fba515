/** As a link with `download` does: the browser saves what comes, and the page stays. */
export function saveFile(path: string): void {
  const link = document.createElement('a');
  link.href = path;
  link.download = '';
  link.click();
}
