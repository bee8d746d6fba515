import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { generateApiKey } from '../../../tenancy/api-key.ts';
import { revokeApiKey } from '../../../tenancy/sql/revoke-api-key.ts';
import { expectProblem } from '../../../../../testing/expect-problem.ts';
import { NOTHING_STORED, storedRows } from '../../../../../testing/stored-rows.ts';
import { startTestApi, type TestApi } from '../../../../../testing/test-api.ts';
import {
  createTestRegion,
  type TestCompany,
  type TestRegion,
} from '../../../../../testing/test-region.ts';

const DAY_MS = 86_400_000;

let us: TestRegion;
let eu: TestRegion;
let api: TestApi;
let company: TestCompany;

beforeAll(async () => {
  [us, eu] = await Promise.all([createTestRegion('us'), createTestRegion('eu')]);
  api = await startTestApi([us.api, eu.api]);
});

beforeEach(async () => {
  company = await us.company(['Production', 'Staging']);
});

afterAll(async () => {
  await api?.[Symbol.asyncDispose]();
  await Promise.all([us?.[Symbol.asyncDispose](), eu?.[Symbol.asyncDispose]()]);
});

interface KeyStatus {
  readonly id: string;
  readonly lastUsedAt: string | null;
  readonly healthScore: number;
}

async function status(key: string): Promise<KeyStatus> {
  const answer = await api.request(key, 'GET', '/v1/keys/status');
  expect(answer.status).toBe(200);
  return (await answer.json()) as KeyStatus;
}

const revoke = async (key: string) =>
  expect(await revokeApiKey(us.owner, company.id, (await status(key)).id)).toBe(true);

describe('the status of a valid key', () => {
  test('the status shows a company key that never expires and has every permission', async () => {
    const key = await us.key(company);
    expect(await status(key)).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      scope: 'company',
      status: 'active',
      workspaceId: null,
      permissions: ['events:write', 'events:read', 'exports:write', 'exports:read'],
      lastUsedAt: null,
      expiresAt: null,
      healthScore: 70,
    });
  });

  test('the status shows a workspace key that expires in a month and has one permission', async () => {
    const [workspaceId] = company.workspaceIds;
    const expiresAt = new Date(Date.now() + 30 * DAY_MS);
    const key = await us.key(company, { workspaceId, permissions: ['exports:read'], expiresAt });
    expect(await status(key)).toMatchObject({
      scope: 'workspace',
      workspaceId,
      permissions: ['exports:read'],
      expiresAt: expiresAt.toISOString(),
      healthScore: 100,
    });
  });

  test('the status shows when the key was last used, to the minute', async () => {
    const key = await us.key(company);
    const start = Date.now();
    await status(key);
    const { lastUsedAt } = await status(key);
    expect(Math.abs(Date.parse(lastUsedAt ?? '') - start)).toBeLessThan(60_000);
  });

  test('the health score is lower for a key that expires soon or is old', async () => {
    const soon = await us.key(company, { expiresAt: new Date(Date.now() + DAY_MS) });
    expect((await status(soon)).healthScore).toBe(50);
    await us.owner.query(
      `UPDATE api_keys SET created_at = now() - interval '366 days' WHERE company_id = $1`,
      [company.id],
    );
    expect((await status(soon)).healthScore).toBe(30);
  });
});

describe('invalid keys', () => {
  const routes = [
    ['GET', '/v1/keys/status'],
    ['GET', '/v1/events'],
    ['POST', '/v1/events'],
    ['GET', '/v1/exports'],
    ['POST', '/v1/exports'],
    ['GET', '/v1/exports/00000000-0000-7000-8000-000000000000'],
    ['POST', '/v1/exports/00000000-0000-7000-8000-000000000000/cancel'],
    ['GET', '/v1/exports/00000000-0000-7000-8000-000000000000/download'],
  ] as const;

  async function refusal(
    authorization: string | undefined,
    method = 'GET',
    path = '/v1/keys/status',
  ) {
    const answer = await fetch(`${api.url}${path}`, {
      method,
      ...(authorization === undefined ? {} : { headers: { authorization } }),
    });
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer /);
    return (await expectProblem(answer, 'UNAUTHENTICATED')).detail;
  }

  test.each(routes)('an invalid or missing key is refused by %s %s', async (method, path) => {
    await refusal(`Bearer ${generateApiKey('us')}`, method, path);
    await refusal(undefined, method, path);
  });

  test('a key is refused with the same answer if it is unknown, expired, revoked or of another region', async () => {
    const good = await us.key(company);
    const expired = await us.key(company, { expiresAt: new Date(Date.now() - 1) });
    const revoked = await us.key(company);
    await revoke(revoked);
    const bad = [
      generateApiKey('us'),
      expired,
      revoked,
      good.replace('exh_us_', 'exh_eu_'),
      good.replace('exh_us_', 'exh_mars_'),
      good.slice(0, -1),
      `${good}A`,
      good.toUpperCase(),
      'x'.repeat(8000),
      `' OR 1=1 --`,
      'exh_us_',
      'é',
    ];
    const details = new Set<string>();
    for (const key of bad) details.add(await refusal(`Bearer ${key}`));
    expect(details.size).toBeLessThanOrEqual(2);
    for (const key of bad.slice(0, 9))
      expect(await refusal(`Bearer ${key}`)).toBe('The API key is not valid.');
    await status(good);
  });

  test.each(['', 'Bearer', 'Bearer ', 'Basic dXM6dXM=', 'exh_us_x'])(
    'the Authorization header %j is refused',
    async (authorization) => {
      await refusal(authorization);
    },
  );

  test('a valid key with another authentication scheme is refused', async () => {
    await refusal(`Basic ${await us.key(company)}`);
  });

  test('a revoked key is refused from the next request on, and its request stores nothing', async () => {
    const key = await us.key(company, { workspaceId: company.workspaceIds[0] });
    const body = { category: 'c', action: 'a' };
    await revoke(key);
    await expectProblem(await api.request(key, 'POST', '/v1/events', { body }), 'UNAUTHENTICATED');
    expect(await storedRows(us.owner, company.id)).toEqual(NOTHING_STORED);
  });

  test('an expired key is refused from the moment it expires', async () => {
    const key = await us.key(company, { expiresAt: new Date(Date.now() + DAY_MS) });
    await status(key);
    await us.owner.query('UPDATE api_keys SET expires_at = now() WHERE company_id = $1', [
      company.id,
    ]);
    await refusal(`Bearer ${key}`);
  });
});

test('data that a key of one region stores is in no other region', async () => {
  const european = await eu.company();
  const key = await eu.key(european, { workspaceId: european.workspaceIds[0] });
  await api.request(key, 'POST', '/v1/events', { body: { category: 'c', action: 'a' } });
  const made = await api.request(key, 'POST', '/v1/exports', { body: { format: 'JSONL' } });
  expect(made.status).toBe(201);
  expect(await storedRows(us.owner, european.id)).toEqual(NOTHING_STORED);
  expect(await storedRows(eu.owner, european.id)).toEqual({
    ...NOTHING_STORED,
    events: 1,
    rollup: 1,
    jobs: 1,
    queued: 1,
    audit: 1,
  });
});
