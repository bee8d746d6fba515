import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { testUser, type TestUser } from '../../../testing/dashboard-user.ts';
import { expectProblem } from '../../../testing/expect-problem.ts';
import { startTestApi, type TestApi } from '../../../testing/test-api.ts';
import {
  createTestRegion,
  type TestCompany,
  type TestRegion,
} from '../../../testing/test-region.ts';

const LIMIT = 3;
const QUOTAS = {
  pendingExports: LIMIT,
  apiKeys: LIMIT,
  savedViews: LIMIT,
  exportTemplates: LIMIT,
};

let region: TestRegion;
let api: TestApi;
let company: TestCompany;
let owner: TestUser;

beforeAll(async () => {
  region = await createTestRegion();
  api = await startTestApi([region.api], { quotas: QUOTAS });
});
beforeEach(async () => {
  company = await region.company();
  owner = testUser(api, { companyId: company.id });
});
afterAll(async () => {
  await api?.[Symbol.asyncDispose]();
  await region?.[Symbol.asyncDispose]();
});

const query = { version: 1 };
let names = 0;
const named = () => `n${(names += 1)}`;

/** For each quota: a request for one more item, and a way to free one. */
const THINGS = [
  {
    quota: 'apiKeys',
    path: '/api-keys',
    body: () => ({ name: named(), permissions: ['events:read'] }),
    freeOne: (id: string) => owner.request('DELETE', `/api-keys/${id}`),
  },
  {
    quota: 'savedViews',
    path: '/explorer/views',
    body: () => ({ name: named(), query }),
    freeOne: (id: string) => owner.request('DELETE', `/explorer/views/${id}`),
  },
  {
    quota: 'exportTemplates',
    path: '/export-templates',
    body: () => ({ name: named(), query, format: 'CSV' }),
    freeOne: (id: string) => owner.request('DELETE', `/export-templates/${id}`),
  },
  {
    quota: 'pendingExports',
    path: '/exports',
    body: () => ({ format: 'CSV' }),
    freeOne: (id: string) => owner.request('POST', `/exports/${id}/cancel`),
  },
] as const;

describe.each(THINGS)('$quota', ({ quota, path, body, freeOne }) => {
  const create = (by: TestUser = owner) => by.request('POST', path, { body: body() });

  test('twelve concurrent requests create exactly as many items as the quota allows', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => create()));
    const made = answers.filter(({ status }) => status === 201);
    expect(made).toHaveLength(LIMIT);
    for (const refused of answers.filter(({ status }) => status !== 201)) {
      const problem = await expectProblem(refused, 'QUOTA_EXCEEDED');
      expect(problem).toMatchObject({ quota, used: LIMIT, limit: LIMIT });
      expect(problem.detail).toContain(`the limit is ${LIMIT}`);
    }
    const listed = await owner.json<{ data: unknown[] }>('GET', path);
    expect(listed.data).toHaveLength(LIMIT);
  });

  test('freed quota can be used again and another company has its own quota', async () => {
    const ids: string[] = [];
    for (let i = 0; i < LIMIT; i += 1) {
      const made = (await (await create()).json()) as { id?: string; jobId?: string };
      ids.push(made.id ?? made.jobId ?? '');
    }
    await expectProblem(await create(), 'QUOTA_EXCEEDED');
    const stranger = await region.company();
    expect((await create(testUser(api, { companyId: stranger.id }))).status).toBe(201);
    expect((await freeOne(ids[0] ?? '')).ok).toBe(true);
    expect((await create()).status).toBe(201);
    await expectProblem(await create(), 'QUOTA_EXCEEDED');
  });
});

test('a repeated export request returns its job even if the quota is exhausted', async () => {
  const key = await region.key(company);
  const send = (idempotencyKey: string) =>
    api.request(key, 'POST', '/v1/exports', {
      body: { format: 'CSV' },
      headers: { 'idempotency-key': idempotencyKey },
    });
  for (const name of ['a', 'b', 'c']) expect((await send(name)).status).toBe(201);
  await expectProblem(await send('d'), 'QUOTA_EXCEEDED');
  expect((await send('a')).status).toBe(200);
  // The rejected request did not store its idempotency key.
  const { rowCount } = await region.owner.query(
    'SELECT FROM export_idempotency WHERE company_id = $1',
    [company.id],
  );
  expect(rowCount).toBe(3);
});

test('expired keys do not count towards the quota', async () => {
  for (let i = 0; i < LIMIT; i += 1)
    await region.key(company, { expiresAt: new Date(Date.now() - 1_000) });
  const body = { name: 'k', permissions: ['events:read'] };
  expect((await owner.request('POST', '/api-keys', { body })).status).toBe(201);
});
