/** What a browser sees before there is a web app: where things are, nothing that pretends to be more. */
export function homePage(apiUrl: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Exhibit</title>
<style>
  :root { color-scheme: light dark; font: 16px/1.6 system-ui, sans-serif; }
  body { max-width: 36rem; margin: 12vh auto; padding: 0 1.25rem; }
  h1 { font-size: 1.25rem; } code { font-size: .9em; }
</style>
<h1>Exhibit</h1>
<p>The api is at <a href="${apiUrl}/docs">${apiUrl}/docs</a>. Send audit events, export them and download the
file with the API keys in <code>demo.json</code> of your <code>EXHIBIT_HOME</code>; the README shows how.</p>
<p>This version has no web pages for events and exports yet: they are next.</p>
</html>
`;
}
