import { test } from 'vitest';
import { startTestApi } from '../testing/test-api.ts';
import { sendRaw } from '../testing/raw-http.ts';
import { createTestRegion } from '../testing/test-region.ts';
test('probe', async () => {
  const region = await createTestRegion();
  const api = await startTestApi([region.api]);
  const c = await region.company();
  const key = await region.key(c);
  for (const p of ['GET /v1/exports/%zz', `GET /v1/exports/${'a'.repeat(201)}`]) {
    const a = await sendRaw(api.url, `${p} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
    console.log(a.status, [...a.headers].map(String).filter((h) => /^(content-type|x-req)/.test(h)), (await a.text()).slice(0, 300));
  }
  const o = await (await fetch(`${api.url}/openapi.json`)).json();
  for (const [path, item] of Object.entries(o.paths)) for (const [m, op] of Object.entries(item as object)) console.log(path, m, op.operationId, Object.keys(op.responses).join(), JSON.stringify(op.parameters?.slice(0, 2)), JSON.stringify(op.requestBody)?.slice(0, 200));
  console.log(Object.keys(o), Object.keys(o.components.schemas), JSON.stringify(o.paths['/v1/exports/{jobId}/download'].get, null, 1).slice(0, 2500));
  const d = await fetch(`${api.url}/docs`, { redirect: 'manual' });
  console.log(d.status, [...d.headers].map(String), await d.text());
  for (const f of ['/docs/', '/docs/static/index.html','/docs/static/swagger-initializer.js', '/docs/json', '/docs/yaml', '/docs/static/index.css', '/docs/static/%2e%2e/package.json', '/docs/none']) {
    const x = await fetch(`${api.url}${f}`); const t = await x.text();
    console.log(f, x.status, x.headers.get('content-type'), x.headers.get('content-security-policy'), x.headers.get('cache-control'), t.length, f.includes('initializer') ? t : t.slice(0, 1200));
  }
  await api[Symbol.asyncDispose](); await region[Symbol.asyncDispose]();
});
