import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDashboard } from '../start-dashboard.ts';
import { type FakeApi, json, startFakeApi } from '../testing/fake-api.ts';
import {
  Browser,
  createDashboardDatabase,
  expectProblem,
  PASSWORD,
  signIn,
  type TestDashboardDatabase,
} from '../testing/test-dashboard.ts';
import { countPasswordAttempt, networkOf } from './password-attempts.ts';

let db: TestDashboardDatabase;
let api: FakeApi;
let dashboard: Awaited<ReturnType<typeof startDashboard>>;

beforeAll(async () => {
  db = await createDashboardDatabase();
  api = await startFakeApi();
  dashboard = await startDashboard(db.options(api.url));
});
afterAll(async () => {
  await dashboard.stop();
  await api[Symbol.asyncDispose]();
  await db[Symbol.asyncDispose]();
});

test('only one of two simultaneous sign-ups creates the first owner, and later sign-ups are rejected', async () => {
  const signUp = (name: string) =>
    new Browser(dashboard.url).send('POST', '/api/auth/sign-up/email', {
      email: `${name}@First.test`,
      password: PASSWORD,
      name,
      companyName: 'First',
      region: 'eu',
    });
  expect(await new Browser(dashboard.url).json('GET', '/api/installation')).toEqual({
    empty: true,
    regions: ['us', 'eu'],
  });
  const statuses = (await Promise.all([signUp('a'), signUp('b')])).map(({ status }) => status);
  expect(statuses.toSorted((a, b) => a - b)).toEqual([201, 409]);
  await expectProblem(await signUp('c'), 'ALREADY_SET_UP');
  const owner = await signIn(dashboard.url, statuses[0] === 201 ? 'A@first.test' : 'b@first.test');
  expect(await owner.json('GET', '/api/me')).toMatchObject({ role: 'OWNER', region: 'eu' });
  const told = api.seen.find(({ path }) => path === '/dashboard/company');
  expect(told?.claims).toMatchObject({ aud: 'eu', role: 'SYSTEM', sub: 'dashboard' });
  expect(JSON.parse(told?.body ?? '')).toMatchObject({
    name: 'First',
    workspaces: [{ name: 'Production' }],
  });
});

test('the session cookie is HttpOnly, no response body contains its token, and signing out ends the session', async () => {
  const company = await db.company();
  const browser = new Browser(dashboard.url);
  const answer = await browser.send('POST', '/api/auth/sign-in/email', {
    email: company.email('BILLING').toUpperCase(),
    password: PASSWORD,
  });
  const cookie = answer.headers.getSetCookie()[0] ?? '';
  expect(cookie).toMatch(/; HttpOnly/);
  expect(cookie).toMatch(/; SameSite=Lax/);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  const token = decodeURIComponent(cookie.split(/[=;]/)[1] ?? '').split('.')[0] ?? '';
  expect(token.length).toBeGreaterThan(20);
  expect(await answer.text()).not.toContain(token);
  expect(JSON.stringify(await browser.json('GET', '/api/auth/get-session'))).not.toContain(token);
  const kept = browser.cookie;
  await browser.json('POST', '/api/auth/sign-out');
  await expectProblem(
    await fetch(`${dashboard.url}/api/me`, { headers: { cookie: kept } }),
    'UNAUTHENTICATED',
  );
});

test('a forged or missing session cookie is rejected', async () => {
  for (const cookie of ['', 'exhibit.session_token=abc.def', 'exhibit.session_token=%00']) {
    await expectProblem(
      await fetch(`${dashboard.url}/api/me`, { headers: { cookie } }),
      'UNAUTHENTICATED',
    );
  }
});

test('password guesses are limited, also parallel ones, and successful sign-ins are not counted', async () => {
  const company = await db.company();
  for (let round = 0; round < 12; round += 1) await signIn(dashboard.url, company.email('ADMIN'));
  const guess = (password: string) =>
    new Browser(dashboard.url).send('POST', '/api/auth/sign-in/email', {
      email: company.email('OWNER'),
      password,
    });
  const answers = await Promise.all(
    Array.from({ length: 14 }, (_, index) => guess(`wrong ${index}`)),
  );
  const statuses = answers.map(({ status }) => status);
  expect(statuses.filter((status) => status === 401)).toHaveLength(10);
  expect(statuses.filter((status) => status === 429)).toHaveLength(4);
  const blocked = await guess(PASSWORD);
  expect(Number(blocked.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await blocked.clone().json()).toMatchObject({
    detail: expect.stringMatching(/^Too many attempts\. Try again in 1[45] minutes\.$/),
  });
  await expectProblem(blocked, 'TOO_MANY_ATTEMPTS');
});

test('attempts from an IPv6 address count for its /64 network, and those from an IPv4 address for that address', () => {
  const networks = {
    '192.0.2.1': '192.0.2.1',
    '2001:db8:0:1:aaaa::1': '2001:db8:0:1::/64',
    '2001:DB8::1:0:0:0:2': '2001:db8:0:1::/64',
    '::1': '0:0:0:0::/64',
    'fe80::1%eth0': 'fe80:0:0:0::/64',
  };
  for (const [ip, network] of Object.entries(networks)) expect(networkOf(ip), ip).toBe(network);
  expect(networkOf('::ffff:192.0.2.1')).not.toBe(networkOf('::ffff:192.0.2.2'));
});

test('password guesses lock an account only for the network that they come from', async () => {
  const company = await db.company();
  const email = company.email('OWNER');
  const attempt = { account: email.toLowerCase(), ip: '2001:db8::1' };
  for (let count = 0; count < 10; count += 1) await countPasswordAttempt(db.pool, attempt);
  const next = countPasswordAttempt(db.pool, { ...attempt, ip: '2001:db8::2' });
  await expect(next).rejects.toMatchObject({ code: 'TOO_MANY_ATTEMPTS' });
  await signIn(dashboard.url, email);
});

test('changing the password requires the old one and ends the other sessions', async () => {
  const company = await db.company();
  const email = company.email('MEMBER');
  const [here, elsewhere] = [
    await signIn(dashboard.url, email),
    await signIn(dashboard.url, email),
  ];
  const change = (currentPassword: string) =>
    here.send('POST', '/api/auth/change-password', {
      currentPassword,
      newPassword: 'another long one',
    });
  await expectProblem(await change('not this one'), 'INVALID_CREDENTIALS');
  expect((await change(PASSWORD)).status).toBe(200);
  expect((await here.send('GET', '/api/me')).status).toBe(200);
  expect((await elsewhere.send('GET', '/api/me')).status).toBe(401);
  await signIn(dashboard.url, email, 'another long one');
});

test('unsafe requests from another site are rejected', async () => {
  const company = await db.company();
  const browser = await signIn(dashboard.url, company.email('OWNER'));
  const post = (headers: Record<string, string>) =>
    browser.send('POST', '/api/workspaces', { name: crypto.randomUUID() }, { headers });
  for (const headers of [
    { origin: 'http://evil.test' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
  ])
    await expectProblem(await post(headers), 'ORIGIN_FORBIDDEN');
  expect((await post({ origin: dashboard.url })).status).toBe(201);
  const form = { headers: { 'content-type': 'application/x-www-form-urlencoded' } };
  await expectProblem(
    await browser.send('POST', '/api/workspaces', 'name=x', form),
    'UNSUPPORTED_MEDIA_TYPE',
  );
});

test('better-auth routes that the dashboard does not use are not reachable', async () => {
  const company = await db.company();
  const browser = await signIn(dashboard.url, company.email('MEMBER'));
  for (const path of [
    'update-user',
    'delete-user',
    'change-email',
    'request-password-reset',
    'sign-in/social',
  ])
    await expectProblem(await browser.send('POST', `/api/auth/${path}`, {}), 'NOT_FOUND');
});

test('responses forbid framing and only allow scripts of the dashboard itself', async () => {
  const { headers } = await fetch(`${dashboard.url}/api/me`);
  const policy = headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self'");
  expect(policy).not.toContain('unsafe');
  expect(headers.get('x-frame-options')).toBe('DENY');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
});

test('/ready reports an unhealthy api', async () => {
  expect((await fetch(`${dashboard.url}/ready`)).status).toBe(200);
  api.on('GET /health', json(503, { ok: false }));
  expect(await (await fetch(`${dashboard.url}/ready`)).json()).toEqual({
    ok: false,
    database: true,
    api: false,
  });
  api.on('GET /health', json(200, { ok: true }));
});
