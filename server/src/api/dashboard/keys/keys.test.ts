import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { testUser, type TestUser } from '../../../../../testing/dashboard-user.ts';
import { expectProblem } from '../../../../../testing/expect-problem.ts';
import { startTestApi, type TestApi } from '../../../../../testing/test-api.ts';
import {
  createTestRegion,
  type TestCompany,
  type TestRegion,
} from '../../../../../testing/test-region.ts';

interface KeyJson {
  readonly id: string;
  readonly key: string;
  readonly status: string;
}

let region: TestRegion;
let api: TestApi;
let company: TestCompany;
let admin: TestUser;

beforeAll(async () => {
  region = await createTestRegion();
  api = await startTestApi([region.api]);
});

beforeEach(async () => {
  company = await region.company();
  admin = testUser(api, { companyId: company.id, role: 'ADMIN' });
});

afterAll(async () => {
  await api?.[Symbol.asyncDispose]();
  await region?.[Symbol.asyncDispose]();
});

const create = (body: object) => admin.json<KeyJson>('POST', '/api-keys', { body, status: 201 });
const list = () => admin.json<{ data: KeyJson[] }>('GET', '/api-keys');

test('a key is shown once, works, and stops working when it is revoked', async () => {
  const { key, ...made } = await create({
    name: 'CI',
    permissions: ['exports:read', 'events:read'],
    workspaceId: company.workspaceIds[0],
  });
  expect(key).toMatch(/^exh_us_/);
  expect(made).toMatchObject({
    name: 'CI',
    scope: 'workspace',
    workspaceId: company.workspaceIds[0],
    permissions: ['events:read', 'exports:read'],
    status: 'active',
    expiresAt: null,
  });
  expect((await list()).data).toEqual([made]);
  expect((await api.request(key, 'GET', '/v1/events')).status).toBe(200);
  for (let i = 0; i < 2; i += 1)
    await admin.json('DELETE', `/api-keys/${made.id}`, { status: 204 });
  await expectProblem(await api.request(key, 'GET', '/v1/events'), 'UNAUTHENTICATED');
  expect((await list()).data[0]).toMatchObject({ id: made.id, status: 'revoked' });
  const { rows } = await region.owner.query(
    `SELECT action, actor_label, details::text LIKE '%exh_%' AS leaks FROM audit_log WHERE subject_id = $1 ORDER BY audit_id`,
    [made.id],
  );
  expect(rows).toEqual([
    { action: 'API_KEY_CREATED', actor_label: admin.email, leaks: false },
    { action: 'API_KEY_REVOKED', actor_label: admin.email, leaks: false },
  ]);
});

test.each([
  {},
  { name: '', permissions: ['events:read'] },
  { name: 'k', permissions: [] },
  { name: 'k', permissions: ['everything'] },
  { name: 'k', permissions: ['events:read'], expiresAt: '2020-01-01T00:00:00Z' },
  { name: 'k', permissions: ['events:read'], key: 'mine' },
])('creating a key with the body %j is refused', async (body) => {
  await expectProblem(await admin.request('POST', '/api-keys', { body }), 'VALIDATION_FAILED');
});

test('a key for a foreign workspace is refused, and a foreign key is not found', async () => {
  const stranger = await region.company();
  for (const workspaceId of [stranger.workspaceIds[0], randomUUID()]) {
    const body = { name: 'k', permissions: ['events:read'], workspaceId };
    await expectProblem(await admin.request('POST', '/api-keys', { body }), 'WORKSPACE_FORBIDDEN');
  }
  const { id } = await create({ name: 'k', permissions: ['events:read'] });
  const other = testUser(api, { companyId: stranger.id });
  for (const path of [`/api-keys/${id}`, '/api-keys/x'])
    await expectProblem(await other.request('DELETE', path), 'NOT_FOUND');
});

interface AuditRow {
  readonly action: string;
  readonly actor_id: string;
  readonly subject_id: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly outbox: boolean;
}

async function auditOf(companyId: string): Promise<AuditRow[]> {
  const { rows } = await region.owner.query<AuditRow>(
    `SELECT action, actor_id, subject_id, details,
       EXISTS (SELECT FROM audit_outbox o WHERE o.company_id = a.company_id AND o.audit_id = a.audit_id) AS outbox
     FROM audit_log a WHERE company_id = $1 ORDER BY at, audit_id`,
    [companyId],
  );
  return rows;
}

test('a key names its creator, and the list can be filtered by creator', async () => {
  const other = testUser(api, { companyId: company.id, role: 'OWNER' });
  const made = await create({ name: 'nightly', permissions: ['events:read'] });
  const theirs = await other.json<KeyJson>('POST', '/api-keys', {
    body: { name: 'theirs', permissions: ['events:read'] },
    status: 201,
  });
  const { data } = await list();
  const mine = data.find(({ id }) => id === made.id);
  expect(mine).toMatchObject({ createdBy: { type: 'user' } });
  const creator = (mine as unknown as { createdBy: { id: string; label: string } }).createdBy;
  expect(creator.label).toContain('@');
  const found = await admin.json<{ data: KeyJson[] }>('GET', `/api-keys?createdBy=${creator.id}`);
  expect(found.data.map(({ id }) => id)).toContain(made.id);
  expect(found.data.map(({ id }) => id)).not.toContain(theirs.id);
});

test('creating and revoking a key is recorded as evidence with the permissions of the key', async () => {
  const made = await create({ name: 'nightly', permissions: ['exports:read'] });
  await admin.json('DELETE', `/api-keys/${made.id}`, { status: 204 });
  const rows = await auditOf(company.id);
  expect(rows).toMatchObject(
    ['API_KEY_CREATED', 'API_KEY_REVOKED'].map((action) => ({
      action,
      subject_id: made.id,
      outbox: true,
      details: {
        name: 'nightly',
        scope: 'company',
        permissions: ['exports:read'],
        expiresAt: null,
      },
    })),
  );
});

test('reading events with a key leaves one audit row per key and day, however often it reads', async () => {
  const { id, key } = await create({ name: 'reader', permissions: ['events:read'] });
  const other = await create({ name: 'another', permissions: ['events:read'] });
  await Promise.all(Array.from({ length: 8 }, () => api.request(key, 'GET', '/v1/events')));
  await api.request(other.key, 'GET', '/v1/events');
  const reads = (await auditOf(company.id)).filter(({ action }) => action === 'EVENTS_READ');
  expect(reads.map(({ actor_id }) => actor_id).sort()).toEqual([id, other.id].sort());
  const today = new Date().toISOString().slice(0, 10);
  expect(reads[0]).toMatchObject({ outbox: true, details: { day: today } });
});

test.each(['two\nlines', 'in\u202evoice', 'zero\u200bwidth'])(
  'the key name %j is refused',
  async (name) => {
    const answer = await admin.request('POST', '/api-keys', {
      body: { name, permissions: ['events:read'] },
    });
    await expectProblem(answer, 'VALIDATION_FAILED');
  },
);
