/** Saves a file like a link with `download`: the browser saves the response and the page stays open. */
export function saveFile(path: string): void {
  const link = document.createElement('a');
  link.href = path;
  link.download = '';
  link.click();
}
