import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestApi, type TestApi } from '../../../testing/test-api.ts';
import { createTestRegion, type TestRegion } from '../../../testing/test-region.ts';

let region: TestRegion;
let api: TestApi;

beforeAll(async () => {
  region = await createTestRegion();
  api = await startTestApi([region.api]);
});
afterAll(async () => {
  await api?.[Symbol.asyncDispose]();
  await region?.[Symbol.asyncDispose]();
});

test('every answer of the api has headers that forbid scripts, framing, content sniffing and reading by other sites', async () => {
  for (const path of ['/health', '/v1/events', '/dashboard/events', '/nothing', '/openapi.json']) {
    const { headers } = await fetch(api.url + path, {
      headers: { origin: 'https://elsewhere.invalid' },
    });
    expect(headers.get('content-security-policy'), path).toBe(
      "default-src 'none';frame-ancestors 'none'",
    );
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('strict-transport-security')).toBe('max-age=31536000');
    expect(headers.get('access-control-allow-origin')).toBeNull();
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('server')).toBeNull();
  }
});

test('the documentation page has its own content security policy, which allows no other host', async () => {
  const policy = (await fetch(`${api.url}/docs/`)).headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'self'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toMatch(/https?:|unsafe-eval|script-src[^;]*unsafe/);
});

test('an address in a request is treated as text and never fetched', async () => {
  const company = await region.company();
  const key = await region.key(company);
  const asked: string[] = [];
  const { createServer } = await import('node:http');
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as { port: number };
  const target = `http://127.0.0.1:${port}/`;
  const post = (path: string, body: unknown) => api.request(key, 'POST', path, { body });
  const event = { category: target, action: target, workspaceId: company.workspaceIds[0] };
  const tried = [
    post('/v1/events', { ...event, metadata: { url: target, webhook: target }, geo: target }),
    post('/v1/exports', { format: 'CSV', purpose: target, filters: { search: target } }),
    // Only the operator's environment determines where files are stored.
    ...['endpoint', 'url', 'callbackUrl', 'destination', 'store'].map((name) =>
      post('/v1/exports', { format: 'CSV', [name]: target }),
    ),
    fetch(`${api.url}/v1/events?search=${encodeURIComponent(target)}`, {
      headers: { authorization: `Bearer ${key}`, host: `127.0.0.1:${port}`, referer: target },
    }),
  ];
  const statuses = (await Promise.all(tried)).map(({ status }) => status);
  expect(statuses).toEqual([201, 201, 400, 400, 400, 400, 400, 200]);
  server.close();
  expect(asked).toEqual([]);
});
