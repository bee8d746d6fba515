import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sendRaw } from '../../../testing/processes/raw-http.ts';
import { sendSlowly } from '../../../testing/processes/slow-request.ts';
import { startDashboard } from '../start-dashboard.ts';
import { type FakeApi, startFakeApi } from '../testing/fake-api.ts';
import {
  type Browser,
  createDashboardDatabase,
  expectProblem,
  PASSWORD,
  signIn,
  type TestDashboardDatabase,
} from '../testing/test-dashboard.ts';
import { patient } from '../../../testing/patience.ts';

const QUICK = {
  headersMs: 300,
  requestMs: 600,
  checkEveryMs: 50,
  stalledMs: 10_000,
  connections: 10_000,
};

let db: TestDashboardDatabase;
let api: FakeApi;
let dashboard: Awaited<ReturnType<typeof startDashboard>>;
let owner: Browser;
let email: string;

beforeAll(async () => {
  db = await createDashboardDatabase();
  api = await startFakeApi();
  dashboard = await startDashboard({ ...db.options(api.url), httpLimits: QUICK });
  email = (await db.company()).email('OWNER');
  owner = await signIn(dashboard.url, email);
});
afterAll(async () => {
  await dashboard?.stop();
  await api?.[Symbol.asyncDispose]();
  await db?.[Symbol.asyncDispose]();
});

describe('slow requests', () => {
  test.each([
    ['headers', 'GET /api/me HTTP/1.1\r\nHost: d\r\n', 'x-more: 1\r\n'],
    [
      'a body',
      'POST /api/auth/sign-in/email HTTP/1.1\r\nHost: d\r\nContent-Type: application/json\r\nContent-Length: 9000\r\n\r\n',
      ' ',
    ],
  ])('a client that sends %s too slowly gets a 408 response', async (_what, start, drip) => {
    const { answer, ms } = await sendSlowly(dashboard.url, start, drip);
    expect(ms).toBeLessThan(patient(5_000));
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer).toContain('"code":"REQUEST_TIMEOUT"');
  });
});

test.each([
  [
    'headers of more than 16 KiB',
    `GET / HTTP/1.1\r\nX-Long: ${'x'.repeat(17_000)}\r\n\r\n`,
    'HEADERS_TOO_LARGE',
  ],
  ['text that is not HTTP', 'hello\r\n\r\n', 'VALIDATION_FAILED'],
  [
    'two Content-Length headers',
    'POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
    'VALIDATION_FAILED',
  ],
] as const)('a request with %s gets a problem document', async (_what, text, code) => {
  await expectProblem(await sendRaw(dashboard.url, text), code);
});

describe('request bodies', () => {
  test('a body without a session is rejected unread, and public routes accept at most 16 KiB', async () => {
    for (const path of ['/api/workspaces', '/api/dashboard/exports']) {
      // The response arrives before any of the body is sent.
      const start = `POST ${path} HTTP/1.1\r\nHost: d\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n`;
      const { answer } = await sendSlowly(dashboard.url, start, '');
      expect(answer).toMatch(/^HTTP\/1\.1 401 /);
      expect(answer).toContain('"code":"UNAUTHENTICATED"');
    }
    const body = { email: 'x'.repeat(20_000), password: PASSWORD };
    await expectProblem(
      await owner.send('POST', '/api/auth/sign-in/email', body),
      'PAYLOAD_TOO_LARGE',
    );
  });

  test('a body of more than 1 MiB is rejected', async () => {
    const body = JSON.stringify({ email: 'x'.repeat(1024 * 1024), password: PASSWORD });
    await expectProblem(
      await owner.send('POST', '/api/auth/sign-in/email', body),
      'PAYLOAD_TOO_LARGE',
    );
  });

  test('a body with a Content-Encoding is rejected without decompressing it', async () => {
    const body = new Uint8Array(gzipSync(Buffer.alloc(10 * 1024 * 1024)));
    const headers = { 'content-encoding': 'gzip', 'content-type': 'application/json' };
    for (const path of ['/api/auth/sign-in/email', '/api/dashboard/exports'])
      await expectProblem(
        await owner.send('POST', path, undefined, { headers, body }),
        'UNSUPPORTED_MEDIA_TYPE',
      );
  });

  test.each(['['.repeat(500_000), `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`])(
    'a body of deeply nested JSON is rejected quickly',
    async (body) => {
      for (const [path, status] of [
        ['/api/auth/sign-in/email', 413],
        ['/api/workspaces', 400],
      ] as const) {
        const began = performance.now();
        expect((await owner.send('POST', path, body)).status).toBe(status);
        expect(performance.now() - began).toBeLessThan(patient(5_000));
      }
    },
  );
});

describe('text that PostgreSQL cannot store', () => {
  test.each(['\u0000', 'a\u0000@example.test', '\ud800@example.test'])(
    'the sign-in address %j is rejected because PostgreSQL cannot store it',
    async (address) => {
      const answer = await owner.send('POST', '/api/auth/sign-in/email', {
        email: address,
        password: PASSWORD,
      });
      await expectProblem(answer, 'VALIDATION_FAILED');
    },
  );

  test('an evidence filter with a NUL character is rejected', async () => {
    for (const user of ['%00', 'a%00b'])
      await expectProblem(
        await owner.send('GET', `/api/evidence?user=${user}`),
        'VALIDATION_FAILED',
      );
  });

  test('a session ID with a NUL character is rejected', async () => {
    const answer = await owner.send('DELETE', '/api/auth/sessions/%00');
    await expectProblem(answer, 'VALIDATION_FAILED');
  });

  test('a password, name or invitation that PostgreSQL cannot store is rejected', async () => {
    const change = { currentPassword: PASSWORD, newPassword: `\ud800${PASSWORD}` };
    for (const [method, path, body] of [
      ['POST', '/api/auth/change-password', change],
      ['POST', '/api/workspaces', { name: '\u0000' }],
      ['POST', '/api/workspaces', { name: '\ud800' }],
      ['POST', '/api/invitations', { email: '\u0000@example.test', role: 'ADMIN' }],
      ['POST', '/api/invitations/look', { secret: '\u0000\ud800' }],
    ] as const)
      await expectProblem(await owner.send(method, path, body), 'VALIDATION_FAILED');
  });
});

// Neither browsers nor fetch let a script set the Host header, so the test writes a raw request.
test.each([
  ['a foreign host name that resolves to the dashboard', 'rebound.test:8080', 403],
  ['an IP address', '192.0.2.7:8080', 401],
  ['localhost', 'localhost:8080', 401],
])('a same-origin request to %s (%s) gets status %i', async (_what, host, status) => {
  const answer = await sendRaw(
    dashboard.url,
    `POST /api/workspaces HTTP/1.1\r\nHost: ${host}\r\nOrigin: http://${host}\r\n` +
      'Content-Type: application/json\r\nContent-Length: 12\r\nConnection: close\r\n\r\n{"name":"x"}',
  );
  expect(answer.status).toBe(status);
});
