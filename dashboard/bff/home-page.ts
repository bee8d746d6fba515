import type { FastifyInstance } from 'fastify';
import type { BffDeps } from './bff-deps.ts';

/** GET /: what a browser sees before there is a web app: where things are, nothing that pretends to be more. */
export function home(app: FastifyInstance, _deps: BffDeps): void {
  app.get('/', async (_request, reply) =>
    reply
      .header(
        'content-security-policy',
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
      )
      .type('text/html; charset=utf-8')
      .send(PAGE),
  );
}

const PAGE = `<!doctype html>
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
<p>The dashboard's addresses are under <code>/api</code>: sign in, explore events, export, download, read the
evidence. <code>docs/operating.md</code> has a tour; log-ins of the demo are in <code>demo.json</code> of your
<code>EXHIBIT_HOME</code>.</p>
<p>This version has no web pages for them yet: they are next.</p>
</html>
`;
