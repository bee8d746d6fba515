import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDashboard } from '../start-dashboard.ts';
import { type FakeApi, startFakeApi } from '../testing/fake-api.ts';
import {
  createDashboardDatabase,
  PASSWORD,
  type TestDashboardDatabase,
} from '../testing/test-dashboard.ts';
import { DeviceCookies } from './device-cookie.ts';
import { countPasswordAttempt } from './password-attempts.ts';

let db: TestDashboardDatabase;
let api: FakeApi;
let dashboard: Awaited<ReturnType<typeof startDashboard>>;

beforeAll(async () => {
  db = await createDashboardDatabase();
  api = await startFakeApi();
  dashboard = await startDashboard(db.options(api.url));
});
afterAll(async () => {
  await dashboard?.stop();
  await api?.[Symbol.asyncDispose]();
  await db?.[Symbol.asyncDispose]();
});

function tryPassword(email: string, password: string, cookie = ''): Promise<Response> {
  return fetch(`${dashboard.url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie },
    body: JSON.stringify({ email, password }),
  });
}

/** Signs in. @returns the device cookie in the form of a Cookie header */
async function knownDevice(email: string): Promise<string> {
  const answer = await tryPassword(email, PASSWORD);
  expect(answer.status).toBe(200);
  const cookie = answer.headers.getSetCookie().find((text) => text.startsWith('exhibit_device_'));
  expect(cookie).toMatch(/; HttpOnly; SameSite=Lax$/);
  return cookie?.split(';')[0] ?? '';
}

/** Counts guesses from 20 networks, so that the account reaches its limit. */
async function lockAccount(email: string): Promise<void> {
  for (let guess = 0; guess < 110; guess += 1) {
    const ip = `198.51.100.${guess % 20}`;
    await countPasswordAttempt(db.pool, { account: email, ip }).catch(() => undefined);
  }
  expect((await tryPassword(email, PASSWORD)).status).toBe(429);
}

test('a known device can sign in while guesses from other addresses have locked the account', async () => {
  const email = (await db.company()).email('OWNER');
  const cookie = await knownDevice(email);
  await lockAccount(email);
  expect((await tryPassword(email, PASSWORD, cookie)).status).toBe(200);
});

test('a stolen device cookie allows ten guesses and only works for its own account', async () => {
  const company = await db.company();
  const [owner, admin] = [company.email('OWNER'), company.email('ADMIN')];
  const stolen = await knownDevice(owner);
  await lockAccount(owner);
  const guesses = await Promise.all(
    Array.from({ length: 14 }, (_, n) => tryPassword(owner, `wrong ${n}`, stolen)),
  );
  const statuses = guesses.map(({ status }) => status);
  expect(statuses.filter((status) => status === 401)).toHaveLength(10);
  expect(statuses.filter((status) => status === 429)).toHaveLength(4);
  await lockAccount(admin);
  expect((await tryPassword(admin, PASSWORD, stolen)).status).toBe(429);
});

test('a forged, altered or expired device cookie is ignored', async () => {
  const email = (await db.company()).email('OWNER');
  const cookie = await knownDevice(email);
  await lockAccount(email);
  const [name = '', value = ''] = cookie.split('=');
  const [device, expires, signature] = value.split('.');
  for (const forged of [
    `${name}=`,
    `${name}=${device}.${expires}.${'A'.repeat(43)}`,
    `${name}=${'A'.repeat(22)}.${expires}.${signature}`,
    `${name}=${device}.${Number(expires) + 1}.${signature}`,
    `other=${value}`,
  ])
    expect((await tryPassword(email, PASSWORD, forged)).status, forged).toBe(429);
  const options = { publicUrl: 'http://localhost' };
  const [ours, foreign] = [
    new DeviceCookies({ ...options, secret: 'a' }),
    new DeviceCookies({ ...options, secret: 'b' }),
  ];
  const theirs = foreign.cookieFor(undefined, email);
  expect(foreign.deviceOf(theirs, email)).toBeDefined();
  expect(ours.deviceOf(theirs, email)).toBeUndefined();
});
