import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signTestToken, testTokenKeys } from '../../../testing/dashboard-token.ts';
import { expectProblem } from '../../../testing/expect-problem.ts';
import { sendSlowly } from '../../../testing/processes/slow-request.ts';
import { startTestApi, type TestApi } from '../../../testing/test-api.ts';
import { createTestRegion, type TestRegion } from '../../../testing/test-region.ts';
import { BodyBudget } from '../../../http-edge/body-budget.ts';
import { HTTP_LIMITS } from '../../../http-edge/http-limits.ts';
import { patient } from '../../../testing/patience.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
const SMALL = 64 * KIB;

let region: TestRegion;
let hostile: string;
let victim: string;
let victimWorkspace: string;

beforeAll(async () => {
  region = await createTestRegion();
  const [attacker, other] = [await region.company(), await region.company()];
  hostile = await region.key(attacker);
  victim = await region.key(other);
  [victimWorkspace] = other.workspaceIds;
});
afterAll(async () => region?.[Symbol.asyncDispose]());

describe('one company with slow bodies', () => {
  test.each([
    ['Content-Length: 67108864', '/v1/events', ''],
    ['Transfer-Encoding: chunked', '/v1/events', '1\r\n \r\n'],
    ['Content-Length: 1048576', '/v1/exports', ''],
    ['Transfer-Encoding: chunked', '/v1/nowhere', ''],
  ])(
    'slow bodies of one company with %s to %s do not delay requests of another company',
    async (header, path, first) => {
      await using api = await startTestApi([region.api], { bodyBudgetBytes: 128 * MIB });
      const sockets = await Promise.all(
        Array.from({ length: 40 }, () => openBody(api, hostile, { header, path, first })),
      );
      for (let round = 0; round < 5; round += 1) {
        expect((await postEvent(api, victim)).status).toBe(201);
        expect((await postBatch(api, victim, 3 * MIB)).status).toBe(200);
      }
      for (const socket of sockets) socket.destroy();
    },
  );

  test('one company with slow large bodies leaves memory for large and small bodies of another company', async () => {
    await using api = await startTestApi([region.api], { bodyBudgetBytes: 64 * MIB });
    const header = 'Content-Length: 16000000';
    const sockets = await Promise.all(
      Array.from({ length: 8 }, () => openBody(api, hostile, { header, path: '/v1/events' })),
    );
    const answers = sockets.map(async (socket) => String((await once(socket, 'data'))[0]));
    for (const socket of sockets) socket.write(Buffer.alloc(12 * MIB, ' '));
    // Some are refused, because a company that is alone may use half of the budget.
    expect(await Promise.race(answers)).toMatch(/^HTTP\/1\.1 503 /);
    expect((await postBatch(api, victim, 10 * MIB)).status).toBe(200);
    expect((await postEvent(api, victim)).status).toBe(201);
    expect((await postEvent(api, hostile)).status).toBe(400);
    for (const socket of sockets) socket.destroy();
  });
});

test('a small body is admitted while the budget is used up', async () => {
  await using api = await startTestApi([region.api], { bodyBudgetBytes: SMALL });
  const header = 'Content-Length: 16000000';
  const socket = await openBody(api, victim, { header, path: '/v1/events' });
  socket.write(Buffer.alloc(SMALL, ' '));
  await expect.poll(async () => (await postBatch(api, victim, SMALL + 2)).status).toBe(503);
  expect((await postEvent(api, victim)).status).toBe(201);
  expect((await postBatch(api, victim, SMALL)).status).toBe(200);
  socket.destroy();
});

test('a request returns the memory of its body however it ends', async () => {
  const size = 100_000;
  await using api = await startTestApi([region.api], { bodyBudgetBytes: size });
  const whole = (path: string, text = '') =>
    api.request(victim, 'POST', path, { body: text.padEnd(size) });
  // Bodies that are accepted, refused by the handler, refused by the parser, or sent to an unknown path.
  for (let round = 0; round < 3; round += 1) {
    for (const [path, text] of [
      ['/v1/events', '{"events":[]}'],
      ['/v1/events', '{'],
      ['/v1/exports', '{"format":"CSV"}'],
      ['/v1/exports', '{"format":1}'],
      ['/v1/none', '{}'],
    ] as const)
      expect((await whole(path, text)).status).not.toBe(503);
  }
  const header = 'Content-Length: 90000';
  const socket = await openBody(api, victim, { header, path: '/v1/events' });
  socket.write(Buffer.alloc(80_000, ' '));
  await expect.poll(async () => (await whole('/v1/events', '{')).status).toBe(503);
  const refused = await whole('/v1/events', '{');
  expect(refused.headers.get('retry-after')).toBe('1');
  await expectProblem(refused, 'SERVER_BUSY');
  socket.destroy();
  await expect.poll(async () => (await whole('/v1/events', '{')).status).toBe(400);
});

describe('a body slower than the minimum rate', () => {
  const bodies = { smallBodyBytes: SMALL, graceMs: 300, minBytesPerSecond: 100_000 };
  const slow = { ...HTTP_LIMITS, bodies };

  test.each([
    ['/v1/events', 'Content-Length: 67108864', ' '],
    ['/v1/events', 'Transfer-Encoding: chunked', '1\r\n \r\n'],
    ['/v1/exports', 'Content-Length: 60000', ' '],
    ['/dashboard/exports/estimate', 'Content-Length: 60000', ' '],
    ['/dashboard/nowhere', 'Content-Length: 60000', ' '],
  ])(
    'a body to %s with %s that is slower than the minimum rate ends with 408',
    async (path, header, drip) => {
      await using api = await startTestApi([region.api], {}, testTokenKeys, slow);
      const company = await region.company();
      const claims = {
        aud: 'us',
        sub: company.id,
        email: 'a@example.test',
        role: 'OWNER',
        companyId: company.id,
        workspaceIds: [],
      };
      const token = path.startsWith('/v1') ? hostile : await signTestToken(claims);
      const { answer, ms } = await sendSlowly(api.url, requestHead(token, header, path), drip);
      expect(answer).toMatch(/^HTTP\/1\.1 408 /);
      expect(answer).toContain('"code":"REQUEST_TIMEOUT"');
      expect(ms).toBeLessThan(patient(20_000));
    },
  );

  test('a body that arrives faster than the minimum rate is read', async () => {
    await using api = await startTestApi([region.api], {}, testTokenKeys, slow);
    expect((await postBatch(api, victim, 2 * MIB)).status).toBe(200);
  });
});

describe('the shares of a budget of 100', () => {
  const body = (owner: string) => ({ owner, bytes: 0 });
  const fill = (budget: BodyBudget, owner: string) => {
    const one = body(owner);
    for (let bytes = 0; ; bytes += 1) {
      try {
        budget.charge(one, 1);
        if (bytes === 100) return bytes;
      } catch {
        return bytes;
      }
    }
  };

  test('the shares leave an equal part of the budget for the next company', () => {
    const budget = new BodyBudget(120);
    budget.charge(body('other'), 1);
    expect(fill(budget, 'first')).toBe(59);
    expect(fill(budget, 'second')).toBe(30);
    expect(fill(budget, 'third')).toBe(15);
  });

  test('a company that is alone can send one body as large as the budget', () => {
    const budget = new BodyBudget(100);
    const one = body('first');
    budget.charge(one, 100);
    expect(() => budget.charge(body('first'), 1)).toThrow(/Try again/);
    budget.release(one);
    expect(budget.heldBytes).toBe(0);
  });
});

interface Announcement {
  readonly header: string;
  readonly path: string;
  readonly first?: string;
}

async function openBody(
  api: TestApi,
  key: string,
  { header, path, first = '' }: Announcement,
): Promise<Socket> {
  const { hostname, port } = new URL(api.url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(requestHead(key, header, path) + first);
  return socket;
}

function requestHead(key: string, header: string, path: string): string {
  return `POST ${path} HTTP/1.1\r\nHost: api\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\n${header}\r\n\r\n`;
}

function postEvent(api: TestApi, key: string): Promise<Response> {
  const body = { workspaceId: victimWorkspace, category: 'auth', action: 'login' };
  return api.request(key, 'POST', '/v1/events', key === victim ? { body } : { body: {} });
}

/** A batch of one event, padded with whitespace to `bytes`. */
function postBatch(api: TestApi, key: string, bytes: number): Promise<Response> {
  const event = { workspaceId: victimWorkspace, category: 'auth', action: 'login' };
  const body = JSON.stringify({ events: [event] }).padEnd(bytes);
  return api.request(key, 'POST', '/v1/events', { body });
}
