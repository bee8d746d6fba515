import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDashboard } from '../start-dashboard.ts';
import { type FakeApi, startFakeApi } from '../testing/fake-api.ts';
import {
  Browser,
  createDashboardDatabase,
  expectProblem,
  signIn,
  type TestCompany,
  type TestDashboardDatabase,
} from '../testing/test-dashboard.ts';

let db: TestDashboardDatabase;
let api: FakeApi;
let dashboard: Awaited<ReturnType<typeof startDashboard>>;
let company: TestCompany;

beforeAll(async () => {
  db = await createDashboardDatabase();
  api = await startFakeApi();
  dashboard = await startDashboard(db.options(api.url));
  company = await db.company();
});
afterAll(async () => {
  await dashboard?.stop();
  await api?.[Symbol.asyncDispose]();
  await db?.[Symbol.asyncDispose]();
});

interface Session {
  readonly id: string;
  readonly current: boolean;
}
const sessionsOf = async (browser: Browser) => {
  const { data } = await browser.json('GET', '/api/auth/sessions');
  return data as Session[];
};

test('a person sees their own sessions with the current one marked and without tokens', async () => {
  const [here, there] = [
    await signIn(dashboard.url, company.email('OWNER')),
    await signIn(dashboard.url, company.email('OWNER')),
  ];
  await signIn(dashboard.url, company.email('ADMIN'));
  const sessions = await sessionsOf(here);
  expect(sessions).toHaveLength(2);
  expect(sessions.filter(({ current }) => current)).toHaveLength(1);
  expect((await sessionsOf(there)).find(({ current }) => current)?.id).not.toBe(
    sessions.find(({ current }) => current)?.id,
  );
  const token = decodeURIComponent(here.cookie).split('=')[1]?.split('.')[0] ?? '';
  expect(token.length).toBeGreaterThan(20);
  expect(JSON.stringify(sessions)).not.toContain(token);
});

test('ending one session or all other sessions takes effect with their next request', async () => {
  const [first, second, third] = [
    await signIn(dashboard.url, company.email('BILLING')),
    await signIn(dashboard.url, company.email('BILLING')),
    await signIn(dashboard.url, company.email('BILLING')),
  ];
  const secondId = (await sessionsOf(second)).find(({ current }) => current)?.id;
  expect((await first.send('DELETE', `/api/auth/sessions/${secondId}`)).status).toBe(204);
  await expectProblem(await second.send('GET', '/api/me'), 'UNAUTHENTICATED');
  expect((await first.send('DELETE', '/api/auth/sessions')).status).toBe(204);
  await expectProblem(await third.send('GET', '/api/me'), 'UNAUTHENTICATED');
  expect(await sessionsOf(first)).toMatchObject([{ current: true }]);
});

test("ending another person's session is rejected, and listing or ending sessions requires a session", async () => {
  const [owner, member] = [
    await signIn(dashboard.url, company.email('OWNER')),
    await signIn(dashboard.url, company.email('MEMBER')),
  ];
  const [mine] = await sessionsOf(owner);
  await expectProblem(await member.send('DELETE', `/api/auth/sessions/${mine?.id}`), 'NOT_FOUND');
  await expectProblem(await member.send('DELETE', '/api/auth/sessions/x'), 'VALIDATION_FAILED');
  const stranger = new Browser(dashboard.url);
  for (const method of ['GET', 'DELETE'])
    await expectProblem(await stranger.send(method, '/api/auth/sessions'), 'UNAUTHENTICATED');
});
