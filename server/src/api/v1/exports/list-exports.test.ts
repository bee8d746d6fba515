import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectProblem } from '../../../../../testing/expect-problem.ts';
import { startExport } from '../../../../../testing/finished-export.ts';
import { startTestApi, type TestApi } from '../../../../../testing/test-api.ts';
import {
  createTestRegion,
  type TestCompany,
  type TestRegion,
} from '../../../../../testing/test-region.ts';
import type { ExportJobJson } from '../../../../../testing/wait-for-export.ts';

let region: TestRegion;
let api: TestApi;
let company: TestCompany;
let key: string;
/** Job ids, oldest first: the first two are canceled, every third is a CSV, the last two are of one workspace. */
let jobIds: string[];

// No worker is started, so that every job keeps its state.
beforeAll(async () => {
  region = await createTestRegion();
  api = await startTestApi([region.api]);
  company = await region.company(['Production', 'Staging']);
  key = await region.key(company);
  jobIds = [];
  for (let n = 0; n < 9; n += 1) {
    const filters = n < 7 ? {} : { workspaceId: company.workspaceIds[0] };
    const body = { format: n % 3 === 0 ? 'CSV' : 'JSONL', filters };
    jobIds.push((await startExport(api, key, body)).jobId);
  }
  for (const jobId of jobIds.slice(0, 2))
    await api.request(key, 'POST', `/v1/exports/${jobId}/cancel`);
});

afterAll(async () => {
  await api?.[Symbol.asyncDispose]();
  await region?.[Symbol.asyncDispose]();
});

interface JobPage {
  readonly data: readonly ExportJobJson[];
  readonly nextCursor: string | null;
}

const get = (query: string, as = key) => api.request(as, 'GET', `/v1/exports${query}`);

async function page(query: string, as = key): Promise<JobPage> {
  const answer = await get(query, as);
  expect(answer.status, await answer.clone().text()).toBe(200);
  return (await answer.json()) as JobPage;
}

/** The positions in `jobIds` of the jobs that a list returns. */
const shown = async (query: string, as = key) =>
  (await page(query, as)).data.map(({ jobId }) => jobIds.indexOf(jobId));

test('the pages of GET /v1/exports contain every job exactly once, newest first, while newer jobs are created', async () => {
  const mine = await region.company();
  const myKey = await region.key(mine);
  const made: string[] = [];
  const make = async () => made.push((await startExport(api, myKey, { format: 'CSV' })).jobId);
  for (let n = 0; n < 5; n += 1) await make();
  const expected = made.toReversed();
  const read: string[] = [];
  let cursor: string | null = null;
  do {
    const next: JobPage = await page(
      `?limit=2${cursor === null ? '' : `&cursor=${cursor}`}`,
      myKey,
    );
    read.push(...next.data.map(({ jobId }) => jobId));
    cursor = next.nextCursor;
    await make();
  } while (cursor !== null);
  expect(read).toEqual(expected);
});

test('a listed job equals the answer of GET /v1/exports/:jobId', async () => {
  const [newest] = (await page('?limit=1')).data;
  const answer = await api.request(key, 'GET', `/v1/exports/${newest?.jobId}`);
  expect(await answer.json()).toEqual(newest);
});

test('GET /v1/exports filters by status and format', async () => {
  expect(await shown('?status=canceled')).toEqual([1, 0]);
  expect(await shown('?format=CSV')).toEqual([6, 3, 0]);
  expect(await shown('?format=CSV&status=canceled&status=running')).toEqual([0]);
  expect(await shown('?status=succeeded')).toEqual([]);
  expect((await shown('?status=pending&status=canceled')).length).toBe(9);
});

test('GET /v1/exports shows a key only jobs whose workspaces are all in its scope', async () => {
  const [first, second] = company.workspaceIds;
  expect(await shown('', await region.key(company, { workspaceId: first }))).toEqual([8, 7]);
  expect(await shown('', await region.key(company, { workspaceId: second ?? '' }))).toEqual([]);
  expect(await shown('', await region.key(await region.company()))).toEqual([]);
});

describe('invalid parameters', () => {
  test.each([
    ['?stat=pending', 'stat'],
    ['?status=done', 'status'],
    ['?status=PENDING', 'status'],
    ['?status=', 'status'],
    ['?status=pending&status=done', 'status'],
    ['?format=csv', 'format'],
    ['?format=CSV&format=JSONL', 'format'],
    ['?limit=0', 'limit'],
    ['?limit=201', 'limit'],
    ['?limit=x', 'limit'],
  ])('GET /v1/exports refuses the query %s and names the parameter', async (query, name) => {
    const { errors } = await expectProblem(await get(query), 'VALIDATION_FAILED');
    expect(errors?.[0]?.path).toMatch(new RegExp(`^${name}\\b`));
  });

  test('GET /v1/exports refuses a key without exports:read', async () => {
    const writer = await region.key(company, { permissions: ['exports:write', 'events:read'] });
    await expectProblem(await get('', writer), 'PERMISSION_DENIED');
  });
});

test('GET /v1/exports refuses an invalid cursor and one of another filter, key scope or company', async () => {
  const { nextCursor } = await page('?limit=1&status=pending');
  expect(nextCursor).not.toBeNull();
  expect(await shown(`?limit=3&status=pending&cursor=${nextCursor}`)).toEqual([7, 6, 5]);
  const bound = await region.key(company, { workspaceId: company.workspaceIds[0] });
  const stranger = await region.key(await region.company());
  const pending = `?status=pending&cursor=${nextCursor}`;
  for (const answer of [
    await get(`?cursor=${nextCursor}`),
    await get(`?status=canceled&cursor=${nextCursor}`),
    await get(`${pending}&format=CSV`),
    await get(pending, bound),
    await get(pending, stranger),
    await get('?cursor='),
    await get('?cursor=%00'),
    await get(`?cursor=${'A'.repeat(1000)}`),
  ])
    await expectProblem(answer, 'INVALID_CURSOR');
});
