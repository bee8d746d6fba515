import { once } from 'node:events';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testTokenKeys } from '../../../testing/dashboard-token.ts';
import { testUser, type TestUser } from '../../../testing/dashboard-user.ts';
import { expectProblem } from '../../../testing/expect-problem.ts';
import { sendSlowly } from '../../../testing/processes/slow-request.ts';
import { startTestApi, type TestApi } from '../../../testing/test-api.ts';
import { createTestRegion, type TestRegion } from '../../../testing/test-region.ts';
import { HTTP_LIMITS } from '../../../http-edge/http-limits.ts';
import { patient } from '../../../testing/patience.ts';

const QUICK = {
  headersMs: 300,
  requestMs: 600,
  checkEveryMs: 50,
  stalledMs: 10_000,
  connections: 10_000,
};

let region: TestRegion;
let api: TestApi;
let key: string;
let owner: TestUser;

beforeAll(async () => {
  region = await createTestRegion();
  api = await startTestApi([region.api], {}, testTokenKeys, QUICK);
  const company = await region.company();
  key = await region.key(company);
  owner = testUser(api, { companyId: company.id });
});

afterAll(async () => {
  await api?.[Symbol.asyncDispose]();
  await region?.[Symbol.asyncDispose]();
});

describe('slow clients', () => {
  test.each([
    ['headers', 'GET /v1/events HTTP/1.1\r\nHost: api\r\n', 'x-more: 1\r\n'],
    [
      'a body',
      'POST /v1/events HTTP/1.1\r\nHost: api\r\nAuthorization: Bearer KEY\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n',
      ' ',
    ],
    [
      'a chunked body',
      'POST /v1/events HTTP/1.1\r\nHost: api\r\nAuthorization: Bearer KEY\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n',
      '1\r\n \r\n',
    ],
  ])(
    'a client that sends %s too slowly gets 408 REQUEST_TIMEOUT and is disconnected',
    async (_what, start, drip) => {
      // Without a key the api would answer before it reads the body.
      const { answer, ms } = await sendSlowly(api.url, start.replace('KEY', key), drip);
      expect(ms).toBeGreaterThan(QUICK.headersMs - 50);
      expect(ms).toBeLessThan(patient(5_000));
      expect(answer).toMatch(/^HTTP\/1\.1 408 /);
      expect(answer).toContain('"code":"REQUEST_TIMEOUT"');
    },
  );

  test('a client that sends nothing is disconnected', async () => {
    const { ms } = await sendSlowly(api.url, '', '');
    expect(ms).toBeLessThan(patient(5_000));
  });

  test('the server uses the configured time limits, and the default limits are at most 30 and 60 seconds', () => {
    const { server } = api.app;
    expect(server.headersTimeout).toBe(QUICK.headersMs);
    expect(server.requestTimeout).toBe(QUICK.requestMs);
    expect(HTTP_LIMITS.headersMs).toBeLessThanOrEqual(30_000);
    expect(HTTP_LIMITS.requestMs).toBeLessThanOrEqual(60_000);
  });
});

test('connections beyond the limit are closed, and those within it keep working', async () => {
  await using few = await startTestApi([region.api], {}, testTokenKeys, {
    ...HTTP_LIMITS,
    connections: 3,
  });
  const { hostname, port } = new URL(few.url);
  const sockets = Array.from({ length: 3 }, () => connect(Number(port), hostname));
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  const more = connect(Number(port), hostname);
  more.on('error', () => undefined);
  await once(more, 'close');
  const [first] = sockets;
  const answered = once(first ?? more, 'data');
  first?.write('GET /health HTTP/1.1\r\nHost: api\r\n\r\n');
  expect(String((await answered)[0])).toMatch(/^HTTP\/1\.1 200 /);
  for (const socket of sockets) socket.destroy();
});

describe('limits of a request body', () => {
  test.each(['gzip', 'deflate', 'br', 'zstd', 'x', 'gzip, identity'])(
    'a body with Content-Encoding %s is refused and never decompressed, so a decompression bomb has no effect',
    async (encoding) => {
      const body = gzipSync(Buffer.alloc(10 * 1024 * 1024));
      const headers = { 'content-encoding': encoding };
      for (const path of ['/v1/events', '/v1/exports'])
        await expectProblem(
          await api.request(key, 'POST', path, { body, headers }),
          'UNSUPPORTED_MEDIA_TYPE',
        );
    },
  );

  test('a body with Content-Encoding identity is read', async () => {
    const headers = { 'content-encoding': 'Identity' };
    const body = { format: 'CSV' };
    expect((await api.request(key, 'POST', '/v1/exports', { body, headers })).status).toBe(201);
  });

  test.each([
    ['arrays', '['.repeat(500_000)],
    ['objects', '{"a":'.repeat(180_000)],
    ['closed arrays', `${'['.repeat(400_000)}${']'.repeat(400_000)}`],
    ['closed objects', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
  ])('a body of deeply nested %s is refused quickly', async (_what, body) => {
    for (const path of ['/v1/events', '/v1/exports']) {
      const began = performance.now();
      const answer = await api.request(key, 'POST', path, { body });
      expect(answer.status).toBe(400);
      expect(performance.now() - began).toBeLessThan(patient(5_000));
    }
  });

  test('a body of 90,000 unknown fields is refused quickly: a suggestion for each took twenty seconds', async () => {
    const body = `{${Array.from({ length: 90_000 }, (_, n) => `"k${n}":1`).join()}}`;
    const began = performance.now();
    await expectProblem(
      await api.request(key, 'POST', '/v1/exports', { body }),
      'VALIDATION_FAILED',
    );
    expect(performance.now() - began).toBeLessThan(patient(5_000));
  });
});

describe('limits of a query string', () => {
  test.each([
    ['parameters', 'a=1&'.repeat(3_500)],
    ['values of one list', Array.from({ length: 1_200 }, (_, n) => `tag=${n}`).join('&')],
    [
      'conditions',
      `metadata=${encodeURIComponent(JSON.stringify(Array.from({ length: 150 }, (_, n) => ({ path: `a${n}`, op: 'exists' }))))}`,
    ],
    [
      'fields in one path',
      `metadata=${encodeURIComponent(JSON.stringify([{ path: 'a.'.repeat(500), op: 'exists' }]))}`,
    ],
    ['digits', `limit=${'9'.repeat(10_000)}`],
  ])('a query string with thousands of %s is refused quickly', async (_what, query) => {
    for (const send of [
      () => api.request(key, 'GET', `/v1/events?${query}`),
      () => owner.request('GET', `/events?${query}`),
    ]) {
      const began = performance.now();
      await expectProblem(await send(), 'VALIDATION_FAILED');
      expect(performance.now() - began).toBeLessThan(patient(5_000));
    }
  });

  test('every list refuses a limit of more than 200', async () => {
    for (const path of ['/v1/events', '/v1/exports'])
      await expectProblem(await api.request(key, 'GET', `${path}?limit=201`), 'VALIDATION_FAILED');
    for (const path of ['/events', '/exports', '/explorer/views', '/export-templates'])
      await expectProblem(await owner.request('GET', `${path}?limit=201`), 'VALIDATION_FAILED');
  });
});

describe('text that PostgreSQL cannot store', () => {
  test.each(['\u0000', 'a\u0000b'])(
    'the text %j in requestedBy is refused with VALIDATION_FAILED, not with a 5xx',
    async (text) => {
      const path = `/exports?requestedBy=${encodeURIComponent(text)}`;
      await expectProblem(await owner.request('GET', path), 'VALIDATION_FAILED');
    },
  );

  test.each(['\u0000', '\ud800'])('the text %j in the name of a key is refused', async (name) => {
    const body = JSON.stringify({ name: `k${name}`, permissions: ['events:read'] });
    await expectProblem(await owner.request('POST', '/api-keys', { body }), 'VALIDATION_FAILED');
  });

  test('U+0000 in the name of a company or workspace is refused', async () => {
    const system = testUser(api, { companyId: (await region.company()).id, role: 'SYSTEM' });
    for (const body of [
      { name: 'n\u0000', workspaces: [] },
      { name: 'n', workspaces: [{ id: '00000000-0000-4000-8000-000000000001', name: '\u0000' }] },
    ])
      await expectProblem(await system.request('PUT', '/company', { body }), 'VALIDATION_FAILED');
  });

  test('U+0000 in a purpose, name, description or search is refused', async () => {
    for (const [path, body] of [
      ['/exports', { format: 'CSV', purpose: '\u0000' }],
      ['/explorer/views', { name: '\u0000', query: {} }],
      ['/explorer/views', { name: 'n', description: '\u0000', query: {} }],
      ['/export-templates', { name: 'n', format: 'CSV', query: { search: '\u0000' } }],
    ] as const)
      await expectProblem(await owner.request('POST', path, { body }), 'VALIDATION_FAILED');
  });
});
