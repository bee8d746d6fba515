import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createClient } from '@exhibit/client';
import { generateApiKey } from '../../tenancy/api-key.ts';
import { testUser } from '../../../../testing/dashboard-user.ts';
import { expectProblem } from '../../../../testing/expect-problem.ts';
import { sendRaw } from '../../../../testing/processes/raw-http.ts';
import { startTestApi, type TestApi } from '../../../../testing/test-api.ts';
import {
  createTestRegion,
  type TestCompany,
  type TestRegion,
} from '../../../../testing/test-region.ts';

const LIMITS = {
  perCaller: 4,
  perCompany: 6,
  ingestPerKey: 3,
  ingestPerCompany: 5,
  badKeysPerAddress: 3,
};

let region: TestRegion;
let company: TestCompany;
let api: TestApi;

beforeAll(async () => {
  region = await createTestRegion();
});
beforeEach(async () => {
  company = await region.company();
  api = await startTestApi([region.api], { rateLimits: LIMITS, trustedProxies: ['127.0.0.1'] });
  return () => api[Symbol.asyncDispose]();
});
afterAll(async () => {
  await region?.[Symbol.asyncDispose]();
});

const list = (key: string, headers = {}) => api.request(key, 'GET', '/v1/events', { headers });
const store = (key: string) =>
  api.request(key, 'POST', '/v1/events', {
    body: { category: 'c', action: 'a', workspaceId: company.workspaceIds[0] },
  });
async function statuses(count: number, send: () => Promise<Response>): Promise<number[]> {
  const all: number[] = [];
  for (let i = 0; i < count; i += 1) all.push((await send()).status);
  return all;
}

test('a key over its requests per minute gets 429 with Retry-After, and the request has no effect', async () => {
  const key = await region.key(company);
  expect(await statuses(3, () => list(key))).toEqual([200, 200, 200]);
  const last = await list(key);
  expect(last.headers.get('ratelimit-policy')).toBe('"caller";q=4;w=60, "company";q=6;w=60');
  expect(last.headers.get('ratelimit')).toMatch(/^"caller";r=0;t=\d+, "company";r=2;t=\d+$/);
  const create = await api.request(key, 'POST', '/v1/exports', { body: { format: 'CSV' } });
  const retryAfter = Number(create.headers.get('retry-after'));
  expect(retryAfter).toBeGreaterThan(0);
  expect(retryAfter).toBeLessThanOrEqual(60);
  expect(create.headers.get('ratelimit')).toMatch(/^"caller";r=0;/);
  expect(await expectProblem(create, 'RATE_LIMITED')).toMatchObject({ policy: 'caller', limit: 4 });
  const { rowCount } = await region.owner.query('SELECT FROM export_jobs WHERE company_id = $1', [
    company.id,
  ]);
  expect(rowCount).toBe(0);
});

test('a company has one limit for all its keys and users, and another company is not affected', async () => {
  const keys = [await region.key(company), await region.key(company)] as const;
  await statuses(3, () => list(keys[0]));
  const user = testUser(api, { companyId: company.id });
  expect((await user.request('GET', '/exports')).status).toBe(200);
  expect(await statuses(3, () => list(keys[1]))).toEqual([200, 200, 429]);
  const problem = await expectProblem(await user.request('GET', '/exports'), 'RATE_LIMITED');
  expect(problem['policy']).toBe('company');
  const stranger = await region.company();
  expect((await list(await region.key(stranger))).status).toBe(200);
});

test('a key over its limit of requests can still store events, which have their own limit', async () => {
  const keys = [await region.key(company), await region.key(company)] as const;
  await statuses(5, () => list(keys[0]));
  expect(await statuses(4, () => store(keys[0]))).toEqual([201, 201, 201, 429]);
  // Refused requests count, too: four of the company's five are used up.
  expect(await statuses(2, () => store(keys[1]))).toEqual([201, 429]);
});

test('bad keys are limited by address before they are looked up, and keys that were valid recently keep working', async () => {
  const [known, unknown] = [await region.key(company), await region.key(company)];
  const from = (ip: string) => ({ 'x-forwarded-for': ip });
  expect((await list(known, from('192.0.2.1'))).status).toBe(200);
  const guess = () => list(generateApiKey('us'), from('192.0.2.1'));
  expect(await statuses(4, guess)).toEqual([401, 401, 401, 429]);
  const refused = await guess();
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  await expectProblem(refused, 'RATE_LIMITED');
  expect((await list(known, from('192.0.2.1'))).status).toBe(200);
  expect((await list(unknown, from('192.0.2.1'))).status).toBe(429);
  expect((await list(unknown, from('192.0.2.2'))).status).toBe(200);
});

test('IPv6 addresses of one /64 network are counted as one address', async () => {
  let host = 0;
  const guess = () =>
    list(generateApiKey('us'), { 'x-forwarded-for': `2001:db8:1:2::${(host += 1)}` });
  expect(await statuses(4, guess)).toEqual([401, 401, 401, 429]);
});

test('without trusted proxies X-Forwarded-For does not change the address that is counted', async () => {
  await using plain = await startTestApi([region.api], { rateLimits: LIMITS });
  let host = 0;
  const guess = () =>
    plain.request(generateApiKey('us'), 'GET', '/v1/events', {
      headers: { 'x-forwarded-for': `192.0.2.${(host += 1)}` },
    });
  expect(await statuses(4, guess)).toEqual([401, 401, 401, 429]);
});

test('the client library reports RATE_LIMITED and how long to wait', async () => {
  const key = await region.key(company);
  await statuses(4, () => list(key));
  const client = createClient({ apiKey: key, baseUrl: api.url, retry: { attempts: 1 } });
  const refused: unknown = await client.keys.status().catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: 'RATE_LIMITED', status: 429 });
  expect(refused).toHaveProperty('retryAfterMs', expect.any(Number));
});

test('a limit of 0 disables the limit', async () => {
  const none = { perCaller: 0, perCompany: 0, ingestPerKey: 0, ingestPerCompany: 0 };
  await using free = await startTestApi([region.api], {
    rateLimits: { ...none, badKeysPerAddress: 0 },
  });
  const key = await region.key(company);
  const answers = await Promise.all(
    Array.from({ length: 15 }, () => free.request(key, 'GET', '/v1/events')),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(answers[0]?.headers.get('ratelimit')).toBeNull();
});

test('an unknown key and a key over its limit are refused before the body is read', async () => {
  const key = await region.key(company);
  const announce = (bearer: string) =>
    sendRaw(
      api.url,
      `POST /v1/events HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer ${bearer}\r\n` +
        'Content-Type: application/json\r\nContent-Length: 60000000\r\n\r\n{',
    );
  await expectProblem(await announce(generateApiKey('us')), 'UNAUTHENTICATED');
  await statuses(3, () => store(key));
  await expectProblem(await announce(key), 'RATE_LIMITED');
});

test('the dashboard routes read no body of a request without a token', async () => {
  const answer = await sendRaw(
    api.url,
    'POST /dashboard/exports HTTP/1.1\r\nHost: x\r\nConnection: close\r\n' +
      'Content-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{',
  );
  await expectProblem(answer, 'UNAUTHENTICATED');
});
