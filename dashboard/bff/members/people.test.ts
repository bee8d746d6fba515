import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDashboard } from '../start-dashboard.ts';
import { type FakeApi, noContent, problem, startFakeApi } from '../testing/fake-api.ts';
import {
  Browser,
  createDashboardDatabase,
  evidenceOf,
  expectProblem,
  PASSWORD,
  signIn,
  type TestCompany,
  type TestDashboardDatabase,
} from '../testing/test-dashboard.ts';

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

async function userId(browser: Browser): Promise<string> {
  return ((await browser.json('GET', '/api/me'))['user'] as { id: string }).id;
}

async function everyone(company: TestCompany) {
  const [owner, admin, billing, member] = await Promise.all(
    (['OWNER', 'ADMIN', 'BILLING', 'MEMBER'] as const).map((role) =>
      signIn(dashboard.url, company.email(role)),
    ),
  );
  return { owner, admin, billing, member } as Record<
    'owner' | 'admin' | 'billing' | 'member',
    Browser
  >;
}

test('only owners and administrators can see or change people, workspaces, invitations and evidence', async () => {
  const company = await db.company();
  const { billing, member, admin } = await everyone(company);
  const me = await userId(admin);
  const [workspace] = company.workspaceIds;
  const calls: [string, string, unknown?][] = [
    ['GET', '/api/members'],
    ['PATCH', `/api/members/${me}`, { role: 'MEMBER' }],
    ['DELETE', `/api/members/${me}`],
    ['POST', '/api/workspaces', { name: 'x' }],
    ['PATCH', `/api/workspaces/${workspace}`, { name: 'x' }],
    ['PUT', `/api/workspaces/${workspace}/members`, { userIds: [] }],
    ['GET', '/api/invitations'],
    ['POST', '/api/invitations', { email: 'x@y.test', role: 'MEMBER' }],
    ['DELETE', `/api/invitations/${me}`],
    ['GET', '/api/evidence'],
    ['GET', '/api/evidence?format=csv'],
  ];
  for (const [method, path, body] of calls) {
    await expectProblem(await fetch(`${dashboard.url}${path}`, { method }), 'UNAUTHENTICATED');
    for (const browser of [billing, member])
      await expectProblem(await browser.send(method, path, body), 'PERMISSION_DENIED');
  }
  expect((await admin.json('GET', '/api/members'))['data']).toHaveLength(4);
});

test('data of another company cannot be read or changed by its ID', async () => {
  const [mine, theirs] = [await db.company(), await db.company()];
  const owner = await signIn(dashboard.url, mine.email('OWNER'));
  const stranger = await userId(await signIn(dashboard.url, theirs.email('MEMBER')));
  await expectProblem(
    await owner.send('PATCH', `/api/members/${stranger}`, { role: 'ADMIN' }),
    'NOT_FOUND',
  );
  await expectProblem(await owner.send('DELETE', `/api/members/${stranger}`), 'NOT_FOUND');
  const workspace = `/api/workspaces/${theirs.workspaceIds[0]}`;
  await expectProblem(await owner.send('PATCH', workspace, { name: 'mine' }), 'NOT_FOUND');
  await expectProblem(
    await owner.send('PUT', `${workspace}/members`, { userIds: [] }),
    'NOT_FOUND',
  );
  const myself = await userId(owner);
  await expectProblem(
    await owner.send('PATCH', `/api/members/${myself}`, { workspaceIds: theirs.workspaceIds }),
    'VALIDATION_FAILED',
  );
  expect(JSON.stringify(await owner.json('GET', '/api/members'))).not.toContain(stranger);
});

test('a company keeps an owner even if two owners demote each other at the same time', async () => {
  const company = await db.company();
  const { owner, admin } = await everyone(company);
  const [first, second] = [await userId(owner), await userId(admin)];
  await expectProblem(
    await admin.send('PATCH', `/api/members/${second}`, { role: 'OWNER' }),
    'PERMISSION_DENIED',
  );
  await expectProblem(await owner.send('DELETE', `/api/members/${first}`), 'LAST_OWNER');
  await owner.json('PATCH', `/api/members/${second}`, { role: 'OWNER' });
  const answers = await Promise.all([
    owner.send('PATCH', `/api/members/${second}`, { role: 'MEMBER' }),
    admin.send('PATCH', `/api/members/${first}`, { role: 'MEMBER' }),
  ]);
  expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
  const owners = await db.pool.query(
    `SELECT FROM members WHERE company_id = $1 AND role = 'OWNER'`,
    [company.id],
  );
  expect(owners.rowCount).toBe(1);
});

test('a removed person loses access with their next request, and evidence records the removal', async () => {
  const company = await db.company();
  const { owner, member } = await everyone(company);
  const id = await userId(member);
  expect((await owner.send('DELETE', `/api/members/${id}`)).status).toBe(204);
  await expectProblem(await member.send('GET', '/api/me'), 'UNAUTHENTICATED');
  expect(await evidenceOf(owner)).toMatchObject([{ type: 'MEMBER_REMOVED', subjectId: id }]);
});

test('an invitation lets one person join once, with its role and workspaces', async () => {
  const company = await db.company();
  const owner = await signIn(dashboard.url, company.email('OWNER'));
  const email = `new@${company.id}.test`;
  const wanted = { email, role: 'MEMBER', workspaceIds: [company.workspaceIds[1]] };
  const made = await owner.json('POST', '/api/invitations', wanted);
  const secret = String(made['url']).split('#')[1];
  const guest = new Browser(dashboard.url);
  expect(await guest.json('POST', '/api/invitations/look', { secret })).toEqual({
    email,
    companyName: company.name,
    role: 'MEMBER',
  });
  const accept = () =>
    guest.send('POST', '/api/invitations/accept', { secret, name: 'New', password: PASSWORD });
  const statuses = (await Promise.all([accept(), accept()])).map(({ status }) => status);
  expect(statuses.toSorted((a, b) => a - b)).toEqual([201, 410]);
  await expectProblem(await accept(), 'INVITATION_INVALID');
  const joined = await signIn(dashboard.url, email);
  expect(await joined.json('GET', '/api/me')).toMatchObject({
    role: 'MEMBER',
    workspaces: [{ id: company.workspaceIds[1] }],
  });
  const again = await owner.json('POST', '/api/invitations', {
    ...wanted,
    email: `b@${company.id}.test`,
  });
  expect((await owner.send('DELETE', `/api/invitations/${String(again['id'])}`)).status).toBe(204);
  const taken = { secret: String(again['url']).split('#')[1] };
  await expectProblem(
    await guest.send('POST', '/api/invitations/look', taken),
    'INVITATION_INVALID',
  );
});

test('a new workspace stays pending while its region is down and becomes ready once the region recovers', async () => {
  const company = await db.company('eu');
  const owner = await signIn(dashboard.url, company.email('OWNER'));
  api.on('PUT /dashboard/company', problem(503, 'REGION_UNAVAILABLE'));
  const made = await owner.json('POST', '/api/workspaces', { name: 'Later' });
  expect(made).toMatchObject({ name: 'Later', state: 'pending' });
  const states = async () => {
    const { data } = await owner.json('GET', '/api/workspaces');
    return (data as { name: string; state: string }[]).find(({ name }) => name === 'Later')?.state;
  };
  expect(await states()).toBe('pending');
  api.on('PUT /dashboard/company', noContent);
  await expect.poll(states).toBe('ready');
  const told = api.seen.findLast(
    ({ path, claims }) => path === '/dashboard/company' && claims['companyId'] === company.id,
  );
  expect(told?.claims.aud).toBe('eu');
  expect(JSON.parse(told?.body ?? '')).toMatchObject({
    name: company.name,
    workspaces: expect.arrayContaining([{ id: made['id'], name: 'Later' }]),
  });
  await expectProblem(await owner.send('POST', '/api/workspaces', { name: 'LATER' }), 'NAME_TAKEN');
});
