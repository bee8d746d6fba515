import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sendSlowly } from '../../../testing/processes/slow-request.ts';
import { startDashboard } from '../start-dashboard.ts';
import { type FakeApi, startFakeApi } from '../testing/fake-api.ts';
import {
  type Browser,
  createDashboardDatabase,
  signIn,
  type TestDashboardDatabase,
} from '../testing/test-dashboard.ts';
import { BODY_LIMITS, HTTP_LIMITS } from '../../../http-edge/http-limits.ts';
import { patient } from '../../../testing/patience.ts';

const KIB = 1024;
const BUDGET = 1024 * KIB;

let db: TestDashboardDatabase;
let api: FakeApi;
let dashboard: Awaited<ReturnType<typeof startDashboard>>;
let attacker: Browser;
let victim: Browser;

beforeAll(async () => {
  db = await createDashboardDatabase();
  api = await startFakeApi();
  const bodies = { ...BODY_LIMITS, graceMs: 1_000, minBytesPerSecond: 100_000 };
  const httpLimits = { ...HTTP_LIMITS, bodies, bodyBudgetBytes: BUDGET };
  dashboard = await startDashboard({ ...db.options(api.url), httpLimits });
  attacker = await signIn(dashboard.url, (await db.company()).email('OWNER'));
  victim = await signIn(dashboard.url, (await db.company()).email('OWNER'));
});
afterAll(async () => {
  await dashboard?.stop();
  await api?.[Symbol.asyncDispose]();
  await db?.[Symbol.asyncDispose]();
});

const head = (cookie: string, path: string, framing: string) =>
  `POST ${path} HTTP/1.1\r\nHost: d\r\nCookie: ${cookie}\r\nContent-Type: application/json\r\n${framing}\r\n\r\n`;

/** Sends a body of 300 KiB that is accepted until it is parsed as JSON. */
const large = () => victim.send('POST', '/api/workspaces', ' '.repeat(300 * KIB));

describe('request bodies', () => {
  test('request bodies of one company leave memory for another company', async () => {
    const { hostname, port } = new URL(dashboard.url);
    const sockets = [];
    for (let n = 0; n < 20; n += 1) {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => undefined);
      await once(socket, 'connect');
      const framing = n % 2 === 0 ? 'Content-Length: 1000000' : 'Transfer-Encoding: chunked';
      socket.write(head(attacker.cookie, '/api/workspaces', framing));
      if (n % 2 === 0) socket.write(' '.repeat(200 * KIB));
      sockets.push(socket);
    }
    for (let round = 0; round < 10; round += 1) {
      expect((await large()).status).toBe(400);
      expect((await victim.send('POST', '/api/workspaces', { name: '' })).status).toBe(400);
    }
    for (const socket of sockets) socket.destroy();
  });

  test.each([
    ['/api/workspaces', 'Content-Length: 900000', ' '],
    ['/api/dashboard/exports', 'Transfer-Encoding: chunked', '1\r\n \r\n'],
    ['/api/dashboard/exports/estimate', 'Content-Length: 900000', ' '],
    ['/api/auth/sign-in/email', 'Content-Length: 9000', ' '],
    ['/api/invitations/look', 'Transfer-Encoding: chunked', '1\r\n \r\n'],
  ])('a body sent too slowly to %s with %s gets a 408 response', async (path, framing, drip) => {
    const { answer, ms } = await sendSlowly(
      dashboard.url,
      head(attacker.cookie, path, framing),
      drip,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer).toContain('"code":"REQUEST_TIMEOUT"');
    expect(ms).toBeLessThan(patient(20_000));
  });
});
