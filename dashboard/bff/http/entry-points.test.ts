import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDashboard } from '../start-dashboard.ts';
import { type FakeApi, startFakeApi } from '../testing/fake-api.ts';
import {
  Browser,
  createDashboardDatabase,
  expectProblem,
  PASSWORD,
  signIn,
  type TestCompany,
  type TestDashboardDatabase,
} from '../testing/test-dashboard.ts';

type Options = Parameters<typeof startDashboard>[0];

let db: TestDashboardDatabase;
let api: FakeApi;
/** Shared by the tests, because creating a company hashes four passwords. */
let company: TestCompany;

beforeAll(async () => {
  db = await createDashboardDatabase();
  api = await startFakeApi();
  company = await db.company();
});
afterAll(async () => {
  await api?.[Symbol.asyncDispose]();
  await db?.[Symbol.asyncDispose]();
});

/** Runs a dashboard for the duration of `work`. */
async function withDashboard(
  options: Partial<Options>,
  work: (url: string) => Promise<void>,
): Promise<void> {
  const dashboard = await startDashboard({ ...db.options(api.url), ...options });
  try {
    await work(dashboard.url);
  } finally {
    await dashboard.stop();
  }
}

const credentials = (email: string, password = PASSWORD) => ({ email, password });
const SIGN_IN = '/api/auth/sign-in/email';

test('with an HTTPS address, cookies are Secure, have the __Host- prefix and no Domain', async () => {
  await withDashboard({ publicUrl: 'https://exhibit.example' }, async (url) => {
    const browser = new Browser(url);
    const answer = await browser.send('POST', SIGN_IN, credentials(company.email('OWNER')));
    const cookies = answer.headers.getSetCookie();
    expect(cookies.length).toBeGreaterThan(0);
    for (const cookie of cookies) {
      expect(cookie).toMatch(/^__Host-exhibit[._]/);
      expect(cookie).toMatch(/; Secure/);
      expect(cookie).toMatch(/; HttpOnly/);
      expect(cookie).toMatch(/; SameSite=Lax/);
      expect(cookie).toMatch(/; Path=\//);
      expect(cookie).not.toMatch(/Domain=/i);
    }
    expect((await browser.send('GET', '/api/me')).status).toBe(200);
    // A cookie that another host of the domain could have set is ignored.
    const planted = browser.cookie.replace('__Host-', '');
    const me = await fetch(`${url}/api/me`, { headers: { cookie: planted } });
    await expectProblem(me, 'UNAUTHENTICATED');
  });
});

test('signing in creates a new session and ends the previous session of the browser', async () => {
  await withDashboard({}, async (url) => {
    const browser = await signIn(url, company.email('OWNER'));
    const before = browser.cookie;
    // A session that an attacker planted before the sign-in is not valid afterwards.
    await browser.json('POST', SIGN_IN, credentials(company.email('ADMIN')));
    expect(browser.cookie).not.toBe(before);
    expect(await browser.json('GET', '/api/me')).toMatchObject({ role: 'ADMIN' });
    const old = await fetch(`${url}/api/me`, { headers: { cookie: before } });
    await expectProblem(old, 'UNAUTHENTICATED');
    const fixed = 'exhibit.session_token=chosen-by-somebody-else.c2lnbmF0dXJl';
    const answer = await fetch(`${url}${SIGN_IN}`, {
      method: 'POST',
      headers: { cookie: fixed, 'content-type': 'application/json' },
      body: JSON.stringify(credentials(company.email('BILLING'))),
    });
    expect(answer.status).toBe(200);
    expect(answer.headers.getSetCookie().join()).not.toContain('chosen-by-somebody-else');
    const planted = await fetch(`${url}/api/me`, { headers: { cookie: fixed } });
    await expectProblem(planted, 'UNAUTHENTICATED');
  });
});

test('a failed sign-in does not end the session of the browser', async () => {
  await withDashboard({}, async (url) => {
    const browser = await signIn(url, company.email('OWNER'));
    const wrong = credentials(company.email('OWNER'), 'not the password');
    await expectProblem(await browser.send('POST', SIGN_IN, wrong), 'INVALID_CREDENTIALS');
    expect((await browser.send('GET', '/api/me')).status).toBe(200);
  });
});

test('a session ends 30 days after sign-in, regardless of use', async () => {
  await withDashboard({}, async (url) => {
    const browser = await signIn(url, company.email('MEMBER'));
    const age = (days: number) =>
      db.pool.query(
        `UPDATE "session" SET "createdAt" = now() - make_interval(days => $2)
          WHERE "userId" = (SELECT id FROM "user" WHERE email = $1)`,
        [company.email('MEMBER'), days],
      );
    await age(29);
    expect((await browser.send('GET', '/api/me')).status).toBe(200);
    await age(30);
    expect(await (await browser.send('GET', '/api/auth/get-session')).json()).toBeNull();
    await expectProblem(await browser.send('GET', '/api/me'), 'UNAUTHENTICATED');
    await expectProblem(await browser.send('GET', '/api/auth/sessions'), 'UNAUTHENTICATED');
  });
});

test('an unknown email address gets the same error as a wrong password and takes as long', async () => {
  await withDashboard({}, async (url) => {
    const took: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] };
    const answers = new Set<string>();
    for (let round = 0; round < 4; round += 1) {
      for (const [kind, email] of [
        ['known', company.email('OWNER')],
        ['unknown', `nobody-${round}@${company.id}.test`],
      ] as const) {
        const start = performance.now();
        const answer = await new Browser(url).send('POST', SIGN_IN, credentials(email, 'wrong'));
        took[kind].push(performance.now() - start);
        const { requestId: _, ...problem } = await expectProblem(answer, 'INVALID_CREDENTIALS');
        answers.add(JSON.stringify(problem));
      }
    }
    expect(answers.size).toBe(1);
    const best = (kind: 'known' | 'unknown') => Math.min(...took[kind]);
    // Without hashing for unknown addresses it would take a twentieth of the time.
    expect(best('unknown')).toBeGreaterThan(best('known') / 3);
  });
});

test('every response has strict security headers', async () => {
  await withDashboard({ publicUrl: 'https://exhibit.example' }, async (url) => {
    for (const path of ['/health', '/api/me', '/nothing', '/api/nothing']) {
      const { headers } = await fetch(url + path);
      const directives = new Map(
        (headers.get('content-security-policy') ?? '').split(';').map((part) => {
          const [name = '', ...sources] = part.trim().split(/\s+/);
          return [name, sources.join(' ')];
        }),
      );
      expect(Object.fromEntries(directives), path).toMatchObject({
        'default-src': "'none'",
        'script-src': "'self'",
        'connect-src': "'self'",
        'object-src': "'none'",
        'base-uri': "'none'",
        'form-action': "'self'",
        'frame-ancestors': "'none'",
      });
      expect([...directives.values()].join(' ')).not.toMatch(/unsafe|\*|https?:/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('referrer-policy')).toBe('same-origin');
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
      expect(headers.get('strict-transport-security')).toBe('max-age=31536000');
      expect(headers.get('permissions-policy')).toMatch(/camera=\(\).*microphone=\(\)/);
      expect(headers.get('access-control-allow-origin')).toBeNull();
      expect(headers.get('x-powered-by')).toBeNull();
      expect(headers.get('server')).toBeNull();
    }
  });
});

test('the sign-in rate limit of an address also covers correct passwords and invitations, but not other addresses', async () => {
  const options = {
    rateLimits: { dashboardPerAddress: 6, signInPerAddress: 4 },
    trustProxy: ['127.0.0.1'],
  };
  await withDashboard(options, async (url) => {
    const from = (ip: string) => ({ headers: { 'x-forwarded-for': ip } });
    const browser = new Browser(url);
    const owner = credentials(company.email('OWNER'));
    const knock = (ip: string) => browser.send('POST', SIGN_IN, owner, from(ip));
    const look = () =>
      browser.send('POST', '/api/invitations/look', { secret: 'x' }, from('192.0.2.1'));
    for (let i = 0; i < 2; i += 1) expect((await knock('192.0.2.1')).status).toBe(200);
    for (let i = 0; i < 2; i += 1) await expectProblem(await look(), 'INVITATION_INVALID');
    const refused = await knock('192.0.2.1');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refused.headers.get('ratelimit-policy')).toBe('"sign-in";q=4;w=60');
    await expectProblem(refused, 'RATE_LIMITED');
    await expectProblem(await look(), 'RATE_LIMITED');
    expect((await knock('192.0.2.2')).status).toBe(200);
    // Signed-in requests have a separate limit.
    const me = () => browser.send('GET', '/api/me', undefined, from('192.0.2.1'));
    for (let i = 0; i < 6; i += 1) expect((await me()).status).toBe(200);
    await expectProblem(await me(), 'RATE_LIMITED');
  });
});

test.each([
  ['workspaces', '/api/workspaces', (n: number) => ({ name: `New ${n}` }), 2],
  ['invitations', '/api/invitations', (n: number) => ({ email: `${n}@x.test`, role: 'ADMIN' }), 0],
] as const)(
  'creating ten %s concurrently stops at the quota of the company',
  async (quota, path, body, had) => {
    await withDashboard({ quotas: { workspaces: 5, invitations: 5 } }, async (url) => {
      const mine = await db.company();
      const owner = await signIn(url, mine.email('OWNER'));
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, n) => owner.send('POST', path, body(n))),
      );
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(5 - had);
      for (const refused of answers.filter(({ status }) => status !== 201))
        expect(await expectProblem(refused, 'QUOTA_EXCEEDED')).toMatchObject({
          quota,
          used: 5,
          limit: 5,
        });
      const other = await db.company();
      const stranger = await signIn(url, other.email('OWNER'));
      expect((await stranger.send('POST', path, body(0))).status).toBe(201);
    });
  },
);

test('an invitation expires after seven days, and an administrator cannot invite an owner', async () => {
  await withDashboard({}, async (url) => {
    const admin = await signIn(url, company.email('ADMIN'));
    const invite = (role: string) =>
      admin.send('POST', '/api/invitations', { email: `${role}@${company.id}.test`, role });
    await expectProblem(await invite('OWNER'), 'PERMISSION_DENIED');
    const made = (await (await invite('MEMBER')).json()) as Record<
      'url' | 'expiresAt' | 'id',
      string
    >;
    const days = (Date.parse(made.expiresAt) - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(6.9);
    expect(days).toBeLessThanOrEqual(7);
    // The secret is in the fragment, which browsers do not send to servers.
    const secret = new URL(made.url).hash.slice(1);
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(made.url.replace(`#${secret}`, '')).not.toContain(secret);
    const guest = new Browser(url);
    const look = () => guest.send('POST', '/api/invitations/look', { secret });
    expect((await look()).status).toBe(200);
    const owner = new pg.Client({ connectionString: db.database.url });
    await owner.connect();
    await owner.query('UPDATE invitations SET expires_at = now() WHERE invitation_id = $1', [
      made.id,
    ]);
    await owner.end();
    await expectProblem(await look(), 'INVITATION_INVALID');
    const accept = { secret, name: 'Late', password: PASSWORD };
    await expectProblem(
      await guest.send('POST', '/api/invitations/accept', accept),
      'INVITATION_INVALID',
    );
  });
});
