import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { testUser, type TestUser } from '../../../testing/dashboard-user.ts';
import { expectProblem } from '../../../testing/expect-problem.ts';
import { startTestApi, type TestApi } from '../../../testing/test-api.ts';
import {
  createTestRegion,
  type TestCompany,
  type TestRegion,
} from '../../../testing/test-region.ts';

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

test('a key is shown once, works, and stops with its revocation', async () => {
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
])('%j is refused', async (body) => {
  await expectProblem(await admin.request('POST', '/api-keys', { body }), 'VALIDATION_FAILED');
});

test('a foreign workspace is refused, a foreign key not found', async () => {
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
