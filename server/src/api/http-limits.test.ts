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

describe('a client that takes its time', () => {
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
  ])('with %s is hung up on, and told why', async (_what, start, drip) => {
    // A body is not even waited for without a key.
    const { answer, ms } = await sendSlowly(api.url, start.replace('KEY', key), drip);
    expect(ms).toBeGreaterThan(QUICK.headersMs - 50);
    expect(ms).toBeLessThan(patient(5_000));
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer).toContain('"code":"REQUEST_TIMEOUT"');
  });

  test('that says nothing at all does not hold its connection', async () => {
    const { ms } = await sendSlowly(api.url, '', '');
    expect(ms).toBeLessThan(patient(5_000));
  });

  test('the product’s own limits are of the same kind', () => {
    const { server } = api.app;
    expect(server.headersTimeout).toBe(QUICK.headersMs);
    expect(server.requestTimeout).toBe(QUICK.requestMs);
    expect(HTTP_LIMITS.headersMs).toBeLessThanOrEqual(30_000);
    expect(HTTP_LIMITS.requestMs).toBeLessThanOrEqual(60_000);
  });
});

test('connections beyond the limit are closed, those within it go on', async () => {
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

describe('a body', () => {
  test.each(['gzip', 'deflate', 'br', 'zstd', 'x', 'gzip, identity'])(
    'with Content-Encoding %s is refused and never inflated: there can be no bomb',
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

  test('with Content-Encoding identity is read', async () => {
    const headers = { 'content-encoding': 'Identity' };
    const body = { format: 'CSV' };
    expect((await api.request(key, 'POST', '/v1/exports', { body, headers })).status).toBe(201);
  });

  test.each([
    ['arrays', '['.repeat(500_000)],
    ['objects', '{"a":'.repeat(180_000)],
    ['closed arrays', `${'['.repeat(400_000)}${']'.repeat(400_000)}`],
    ['closed objects', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
  ])('nested without end in %s is refused quickly', async (_what, body) => {
    for (const path of ['/v1/events', '/v1/exports']) {
      const began = performance.now();
      const answer = await api.request(key, 'POST', path, { body });
      expect(answer.status).toBe(400);
      expect(performance.now() - began).toBeLessThan(patient(5_000));
    }
  });

  test('of 90,000 unknown fields is refused quickly: a suggestion for each took twenty seconds', async () => {
    const body = `{${Array.from({ length: 90_000 }, (_, n) => `"k${n}":1`).join()}}`;
    const began = performance.now();
    await expectProblem(
      await api.request(key, 'POST', '/v1/exports', { body }),
      'VALIDATION_FAILED',
    );
    expect(performance.now() - began).toBeLessThan(patient(5_000));
  });
});

describe('a query', () => {
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
  ])('of thousands of %s is refused quickly', async (_what, query) => {
    for (const send of [
      () => api.request(key, 'GET', `/v1/events?${query}`),
      () => owner.request('GET', `/events?${query}`),
    ]) {
      const began = performance.now();
      await expectProblem(await send(), 'VALIDATION_FAILED');
      expect(performance.now() - began).toBeLessThan(patient(5_000));
    }
  });

  test('asks for at most 200 of anything at once', async () => {
    for (const path of ['/v1/events', '/v1/exports'])
      await expectProblem(await api.request(key, 'GET', `${path}?limit=201`), 'VALIDATION_FAILED');
    for (const path of ['/events', '/exports', '/explorer/views', '/export-templates'])
      await expectProblem(await owner.request('GET', `${path}?limit=201`), 'VALIDATION_FAILED');
  });
});

describe('text that PostgreSQL cannot hold', () => {
  test.each(['\u0000', 'a\u0000b'])(
    '%j in requestedBy names nobody, and is no error of ours',
    async (text) => {
      const path = `/exports?requestedBy=${encodeURIComponent(text)}`;
      await expectProblem(await owner.request('GET', path), 'VALIDATION_FAILED');
    },
  );

  test.each(['\u0000', '\ud800'])('%j in the name of a key is refused', async (name) => {
    const body = JSON.stringify({ name: `k${name}`, permissions: ['events:read'] });
    await expectProblem(await owner.request('POST', '/api-keys', { body }), 'VALIDATION_FAILED');
  });

  test('in a company’s names is refused', async () => {
    const system = testUser(api, { companyId: (await region.company()).id, role: 'SYSTEM' });
    for (const body of [
      { name: 'n\u0000', workspaces: [] },
      { name: 'n', workspaces: [{ id: '00000000-0000-4000-8000-000000000001', name: '\u0000' }] },
    ])
      await expectProblem(await system.request('PUT', '/company', { body }), 'VALIDATION_FAILED');
  });

  test('in a purpose, a name or a description is refused', async () => {
    for (const [path, body] of [
      ['/exports', { format: 'CSV', purpose: '\u0000' }],
      ['/explorer/views', { name: '\u0000', query: {} }],
      ['/explorer/views', { name: 'n', description: '\u0000', query: {} }],
      ['/export-templates', { name: 'n', format: 'CSV', query: { search: '\u0000' } }],
    ] as const)
      await expectProblem(await owner.request('POST', path, { body }), 'VALIDATION_FAILED');
  });
});
