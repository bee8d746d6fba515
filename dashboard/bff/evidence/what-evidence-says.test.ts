import { randomUUID } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDashboard } from '../start-dashboard.ts';
import { type FakeApi, json, noContent, problem, startFakeApi } from '../testing/fake-api.ts';
import {
  type Browser,
  createDashboardDatabase,
  evidenceOf,
  expectProblem,
  signIn,
  type TestCompany,
  type TestDashboardDatabase,
} from '../testing/test-dashboard.ts';
import { appendEvidence } from './append-evidence.ts';

let db: TestDashboardDatabase;
let api: FakeApi;
let dashboard: Awaited<ReturnType<typeof startDashboard>>;
let company: TestCompany;
let owner: Browser;

beforeAll(async () => {
  db = await createDashboardDatabase();
  api = await startFakeApi();
  dashboard = await startDashboard(db.options(api.url));
  company = await db.company();
  owner = await signIn(dashboard.url, company.email('OWNER'));
});
afterAll(async () => {
  await dashboard.stop();
  await api[Symbol.asyncDispose]();
  await db[Symbol.asyncDispose]();
});

const latest = async (type: string) => (await evidenceOf(owner, `&type=${type}`)).at(-1);
const origin = { requestId: null, ip: null, userAgent: null };

async function memberId(role: 'ADMIN' | 'BILLING' | 'MEMBER'): Promise<string> {
  const { data } = await owner.json('GET', '/api/members');
  const found = (data as { userId: string; email: string }[]).find(
    ({ email }) => email === company.email(role),
  );
  return found?.userId ?? '';
}

test('the actions of an API key named like a person are never listed under that person', async () => {
  const email = company.email('ADMIN');
  const userId = await memberId('ADMIN');
  const keyId = randomUUID();
  const act = (actor: { type: 'user' | 'api_key'; id: string }) =>
    appendEvidence(db.pool, {
      companyId: company.id,
      action: 'EXPORT_REQUESTED',
      actor: { ...actor, label: email },
      origin,
    });
  await act({ type: 'user', id: userId });
  await act({ type: 'api_key', id: keyId });
  const idsOf = async (query: string) =>
    (await evidenceOf(owner, query)).map(({ user }) => (user as { id: string }).id);
  expect(await idsOf(`&user=${encodeURIComponent(email.toUpperCase())}`)).toEqual([userId]);
  expect(await idsOf(`&user=${userId}`)).toEqual([userId]);
  expect(await idsOf(`&user=${keyId}`)).toEqual([keyId]);
  expect(await idsOf(`&user=${keyId}&userType=user`)).toEqual([]);
  expect(await idsOf('&userType=api_key')).toEqual([keyId]);
});

test('an API key cannot be named like a member, in any case or Unicode form', async () => {
  api.on('POST /dashboard/api-keys', json(201, { id: 'x' }));
  const body = { permissions: ['events:read'] };
  const create = (name: string) => owner.send('POST', '/api/dashboard/api-keys', { ...body, name });
  for (const name of [company.email('BILLING'), company.email('OWNER').toUpperCase(), ' billing '])
    expect((await expectProblem(await create(name), 'VALIDATION_FAILED'))['detail']).toContain(
      'member',
    );
  expect((await create('nightly')).status).toBe(201);
});

test('a renamed workspace and a changed member are recorded with the old and new values', async () => {
  const [workspace, other] = company.workspaceIds;
  await owner.json('PATCH', `/api/workspaces/${other}`, { name: 'Renamed' });
  expect(await latest('WORKSPACE_RENAMED')).toMatchObject({
    details: { changes: { name: { before: 'Workspace 1', after: 'Renamed' } } },
  });
  const userId = await memberId('MEMBER');
  await owner.json('PATCH', `/api/members/${userId}`, { workspaceIds: [other] });
  expect(await latest('MEMBER_CHANGED')).toMatchObject({
    details: {
      email: company.email('MEMBER'),
      changes: { workspaces: { before: ['Workspace 0'], after: ['Renamed'] } },
    },
  });
  await owner.json('PUT', `/api/workspaces/${workspace}/members`, { userIds: [userId] });
  expect(await latest('WORKSPACE_MEMBERS_CHANGED')).toMatchObject({
    details: { name: 'Workspace 0', changes: { members: { added: [company.email('MEMBER')] } } },
  });
});

test('removing a person records their name and the keys that were revoked or kept', async () => {
  const [billing, member] = [await memberId('BILLING'), await memberId('MEMBER')];
  const key = { id: randomUUID(), name: 'nightly', status: 'active' };
  api.on('GET /dashboard/api-keys', json(200, { data: [key, { ...key, status: 'revoked' }] }));
  api.on(`DELETE /dashboard/api-keys/${key.id}`, problem(503, 'REGION_UNAVAILABLE'));
  const remove = (id: string, query: string) => owner.send('DELETE', `/api/members/${id}${query}`);
  await expectProblem(await remove(billing, '?revokeKeys=true'), 'API_UNAVAILABLE');
  expect(await memberId('BILLING')).toBe(billing);
  api.on(`DELETE /dashboard/api-keys/${key.id}`, noContent);
  expect((await remove(billing, '?revokeKeys=true')).status).toBe(204);
  const named = { id: key.id, name: 'nightly' };
  expect(await latest('MEMBER_REMOVED')).toMatchObject({
    subjectId: billing,
    details: { email: company.email('BILLING'), name: 'BILLING', keysRevoked: [named] },
  });
  expect((await remove(member, '')).status).toBe(204);
  expect(await latest('MEMBER_REMOVED')).toMatchObject({
    subjectId: member,
    details: { email: company.email('MEMBER'), keysKept: [named] },
  });
  const file = await (await owner.send('GET', '/api/evidence?format=csv')).text();
  const rows = parse(file, { columns: true }) as Record<string, string>[];
  const removed = rows.find(({ type }) => type === 'MEMBER_REMOVED');
  expect(JSON.parse(removed?.['details'] ?? '')).toMatchObject({ email: company.email('MEMBER') });
  expect(await latest('EVIDENCE_EXPORTED')).toMatchObject({ details: { format: 'csv' } });
});

test('a changed saved view is recorded with its name and the old and new values', async () => {
  const id = randomUUID();
  const path = `/dashboard/explorer/views/${id}`;
  api.on(`GET ${path}`, json(200, { id, name: 'old', query: { version: 1 } }));
  api.on(`PATCH ${path}`, json(200, { id, name: 'new', query: { version: 1 } }));
  api.on(`DELETE ${path}`, noContent);
  await owner.json('PATCH', `/api${path}`, { name: 'new' });
  expect(await latest('SAVED_VIEW_UPDATED')).toMatchObject({
    details: { name: 'new', changes: { name: { before: 'old', after: 'new' } } },
  });
  await owner.send('DELETE', `/api${path}`);
  expect(await latest('SAVED_VIEW_DELETED')).toMatchObject({ details: { name: 'old' } });
});

test('rejected requests with large filters record digests, and after 60 in an hour add no more rows', async () => {
  const admin = await signIn(dashboard.url, company.email('ADMIN'));
  const bytesNow = async () => {
    const { rows } = await db.pool.query<{ bytes: number }>(
      `SELECT coalesce(sum(pg_column_size(e.*)), 0)::bigint AS bytes FROM evidence e WHERE company_id = $1`,
      [company.id],
    );
    return rows[0]?.bytes ?? 0;
  };
  const before = await bytesNow();
  api.on('POST /dashboard/exports', problem(400, 'VALIDATION_FAILED'));
  const ask = (size: number) =>
    admin.send('POST', '/api/dashboard/exports', {
      format: 'CSV',
      filters: { search: randomUUID().repeat(size / 36) },
    });
  await expectProblem(await ask(900 * 1024), 'PAYLOAD_TOO_LARGE');
  const statuses = [];
  for (let index = 0; index < 65; index += 1) statuses.push((await ask(100 * 1024)).status);
  expect(statuses.slice(0, 59).every((status) => status === 400)).toBe(true);
  expect(statuses.at(-1)).toBe(429);
  const email = encodeURIComponent(company.email('ADMIN'));
  const rows = await evidenceOf(owner, `&user=${email}&type=EXPORT_REQUESTED`);
  expect(rows.length).toBeLessThanOrEqual(63);
  expect(rows.at(-1)).toMatchObject({
    filters: null,
    details: { filtersDigest: { bytes: expect.any(Number), beginning: expect.any(String) } },
  });
  expect((await bytesNow()) - before).toBeLessThan(200_000);
  // Backdate the counters by two hours, so that their hour is over.
  await db.pool.query(`UPDATE refused_requests SET hour = hour - interval '2 hours'`);
  const { recordUncountedRefusals } = await import('./refused-requests.ts');
  await recordUncountedRefusals({ pool: db.pool });
  expect(await latest('REQUESTS_REFUSED')).toMatchObject({
    user: { label: company.email('ADMIN') },
    details: { requests: expect.any(Number) },
  });
});
