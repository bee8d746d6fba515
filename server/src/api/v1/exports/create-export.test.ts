import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ErrorCode } from '../../../errors.ts';
import { expectProblem } from '../../../../../testing/expect-problem.ts';
import { startExport } from '../../../../../testing/finished-export.ts';
import { NOTHING_STORED, storedRows } from '../../../../../testing/stored-rows.ts';
import { startTestApi, type TestApi } from '../../../../../testing/test-api.ts';
import { withoutInsert } from '../../../../../testing/without-privilege.ts';
import {
  createTestRegion,
  type TestCompany,
  type TestRegion,
} from '../../../../../testing/test-region.ts';
import type { ExportJobJson } from '../../../../../testing/wait-for-export.ts';

const MAX_ROWS = 5;

let region: TestRegion;
let api: TestApi;
let company: TestCompany;
let key: string;

// These tests check the rows that creating a job stores, so they start no worker.
beforeAll(async () => {
  region = await createTestRegion();
  api = await startTestApi([region.api], { exportMaxRows: MAX_ROWS });
});

beforeEach(async () => {
  company = await region.company(['Production', 'Staging']);
  key = await region.key(company);
});

afterAll(async () => {
  await api?.[Symbol.asyncDispose]();
  await region?.[Symbol.asyncDispose]();
});

const post = (body: unknown, as = key, headers: Record<string, string> = {}) =>
  api.request(as, 'POST', '/v1/exports', { body, headers });
const stored = () => storedRows(region.owner, company.id);
const ONE_JOB = { ...NOTHING_STORED, jobs: 1, queued: 1, audit: 1 };

async function storeEvents(count: number, category = 'auth'): Promise<void> {
  const event = { workspaceId: company.workspaceIds[0], category, action: 'login' };
  const body = { events: Array.from({ length: count }, () => event) };
  const answer = await api.request(key, 'POST', '/v1/events', { body });
  expect(await answer.json()).toMatchObject({ created: count });
}

test('a created job has its row, queue entry and audit row, and the answer has its Location', async () => {
  const answer = await post({ format: 'CSV', compression: 'gzip', purpose: ' SOC-12 ', limit: 3 });
  expect(answer.status).toBe(201);
  const job = (await answer.json()) as ExportJobJson;
  expect(answer.headers.get('location')).toBe(`/v1/exports/${job.jobId}`);
  expect(job).toMatchObject({
    companyId: company.id,
    workspaceIds: [...company.workspaceIds].sort(),
    requestedBy: { type: 'api_key', label: 'test' },
    source: 'HOT',
    format: 'CSV',
    compression: 'gzip',
    csv: { formulaGuard: true, bom: false },
    filters: { version: 1 },
    purpose: 'SOC-12',
    limit: 3,
    status: 'pending',
    rowsExported: 0,
    rowsExpected: 0,
    bytes: null,
    sha256: null,
    truncated: false,
    attempt: 0,
    failureCode: null,
    finishedAt: null,
  });
  expect(await stored()).toEqual(ONE_JOB);
});

test.each(['export_idempotency', 'pgboss.job_common', 'audit_log'])(
  'a job whose row in %s cannot be written is not created, and the request can be repeated',
  async (table) => {
    const again = { 'idempotency-key': 'again' };
    const failed = await withoutInsert(region.owner, table, () =>
      post({ format: 'JSONL' }, key, again),
    );
    const { detail } = await expectProblem(failed, 'INTERNAL');
    expect(detail).not.toContain(table);
    expect(await stored()).toEqual(NOTHING_STORED);
    expect((await post({ format: 'JSONL' }, key, again)).status).toBe(201);
    expect(await stored()).toEqual({ ...ONE_JOB, exportKeys: 1 });
  },
);

test('the filters of a job are stored in their canonical form', async () => {
  const { filters } = await startExport(api, key, {
    format: 'JSONL',
    filters: {
      to: '2026-06-01T02:00:00+02:00',
      actions: [' b ', 'a', 'b'],
      category: 'x',
      from: '2026-05-01T00:00:00.000Z',
    },
  });
  expect(JSON.stringify(filters)).toBe(
    '{"version":1,"from":"2026-05-01T00:00:00Z","to":"2026-06-01T00:00:00Z","categories":["x"],"actions":["a","b"]}',
  );
});

describe('a request that is refused leaves no job', () => {
  const withFilters = (filters: unknown) => JSON.stringify({ format: 'JSONL', filters });
  const long = 'x'.repeat(257);

  type Refusal = readonly [what: string, body: string | Uint8Array, code: ErrorCode, path?: string];
  const refusals: readonly Refusal[] = [
    ['an empty body', '', 'MALFORMED_JSON'],
    ['a truncated body', '{"format":"JSONL"', 'MALFORMED_JSON'],
    ['bytes that are not UTF-8', Buffer.from('7b22ff227d', 'hex'), 'MALFORMED_JSON'],
    ['a list as body', '[]', 'VALIDATION_FAILED', ''],
    ['null as body', 'null', 'VALIDATION_FAILED', ''],
    ['a body without a format', '{}', 'VALIDATION_FAILED', 'format'],
    ['a format in lower case', '{"format":"csv"}', 'VALIDATION_FAILED', 'format'],
    ['a misspelt field', '{"format":"CSV","filter":{}}', 'VALIDATION_FAILED', 'filter'],
    [
      'a field named __proto__',
      '{"format":"CSV","__proto__":{}}',
      'VALIDATION_FAILED',
      '__proto__',
    ],
    ['a field named toString', '{"format":"CSV","toString":1}', 'VALIDATION_FAILED', 'toString'],
    [
      'a filter named __proto__',
      '{"format":"CSV","filters":{"__proto__":{"category":"a"}}}',
      'VALIDATION_FAILED',
      'filters.__proto__',
    ],
    [
      'an unknown compression',
      '{"format":"CSV","compression":"zip"}',
      'VALIDATION_FAILED',
      'compression',
    ],
    ['a text as limit', '{"format":"CSV","limit":"5"}', 'VALIDATION_FAILED', 'limit'],
    ['a limit of 0', '{"format":"CSV","limit":0}', 'VALIDATION_FAILED', 'limit'],
    [
      'a limit that is too large for a number',
      '{"format":"CSV","limit":1e400}',
      'VALIDATION_FAILED',
      'limit',
    ],
    [
      'a limit beyond 2^53',
      '{"format":"CSV","limit":9007199254740993}',
      'VALIDATION_FAILED',
      'limit',
    ],
    [
      'a misspelt csv option',
      '{"format":"CSV","csv":{"guard":false}}',
      'VALIDATION_FAILED',
      'csv.guard',
    ],
    ['a text as csv option', '{"format":"CSV","csv":{"bom":"no"}}', 'VALIDATION_FAILED', 'csv.bom'],
    ['a blank purpose', '{"format":"CSV","purpose":"  "}', 'VALIDATION_FAILED', 'purpose'],
    [
      'a purpose of 501 characters',
      `{"format":"CSV","purpose":"${'p'.repeat(501)}"}`,
      'VALIDATION_FAILED',
      'purpose',
    ],
    [
      'U+0000 in the purpose',
      '{"format":"CSV","purpose":"a\\u0000b"}',
      'VALIDATION_FAILED',
      'purpose',
    ],
    [
      'an unpaired surrogate in the purpose',
      '{"format":"CSV","purpose":"\\udc00"}',
      'VALIDATION_FAILED',
      'purpose',
    ],
    ['a text as filters', withFilters('all'), 'VALIDATION_FAILED', 'filters'],
    ['null as filters', withFilters(null), 'VALIDATION_FAILED', 'filters'],
    [
      'a misspelt filter',
      withFilters({ categoris: ['a'] }),
      'VALIDATION_FAILED',
      'filters.categoris',
    ],
    [
      'a number in a list',
      withFilters({ actions: ['a', 5] }),
      'VALIDATION_FAILED',
      'filters.actions[1]',
    ],
    [
      'a text instead of a list',
      withFilters({ actions: 'a' }),
      'VALIDATION_FAILED',
      'filters.actions',
    ],
    ['an empty list', withFilters({ actions: [] }), 'EMPTY_FILTER', 'filters.actions'],
    [
      'an empty list of workspaces',
      withFilters({ workspaceIds: [] }),
      'EMPTY_FILTER',
      'filters.workspaceIds',
    ],
    [
      'an empty list of metadata conditions',
      withFilters({ metadata: [] }),
      'EMPTY_FILTER',
      'filters.metadata',
    ],
    [
      'a value of 257 characters',
      withFilters({ actions: [long] }),
      'VALIDATION_FAILED',
      'filters.actions[0]',
    ],
    [
      'a list of 101 values',
      withFilters({ tags: Array.from({ length: 101 }, (_, n) => `${n}`) }),
      'VALIDATION_FAILED',
      'filters.tags',
    ],
    [
      'U+0000 in a filter',
      withFilters({ search: 'a\u0000' }),
      'VALIDATION_FAILED',
      'filters.search',
    ],
    [
      'an unpaired surrogate in a filter',
      withFilters({ category: 'a\ud800' }),
      'VALIDATION_FAILED',
      'filters.category',
    ],
    [
      'from after to',
      withFilters({ from: '2026-05-02T00:00:00Z', to: '2026-05-01T00:00:00Z' }),
      'VALIDATION_FAILED',
      'filters.from',
    ],
    [
      'from equal to to',
      withFilters({ from: '2026-05-01T00:00:00Z', to: '2026-05-01T02:00:00+02:00' }),
      'VALIDATION_FAILED',
      'filters.from',
    ],
    [
      'a time before 1970',
      withFilters({ from: '1969-12-31T23:59:59Z' }),
      'VALIDATION_FAILED',
      'filters.from',
    ],
    [
      'a time after 2099',
      withFilters({ to: '2100-01-01T00:00:01Z' }),
      'VALIDATION_FAILED',
      'filters.to',
    ],
    [
      'a time without an offset',
      withFilters({ to: '2026-05-01T00:00:00' }),
      'VALIDATION_FAILED',
      'filters.to',
    ],
    [
      'a range together with to',
      withFilters({ range: { last: '1d' }, to: '2026-05-01T00:00:00Z' }),
      'VALIDATION_FAILED',
      'filters.range',
    ],
    ['an empty range', withFilters({ range: {} }), 'VALIDATION_FAILED', 'filters.range'],
    ['an unknown source', '{"format":"CSV","source":"COLD"}', 'VALIDATION_FAILED', 'source'],
    [
      'the unsupported source ARCHIVED',
      '{"format":"CSV","source":"ARCHIVED"}',
      'SOURCE_UNSUPPORTED',
      'source',
    ],
    [
      'the unsupported source HOT_AND_ARCHIVED',
      '{"format":"CSV","source":"HOT_AND_ARCHIVED"}',
      'SOURCE_UNSUPPORTED',
      'source',
    ],
  ];
  for (const [what, body, code, path] of refusals) {
    test(`POST /v1/exports refuses ${what} and creates no job`, async () => {
      const { errors } = await expectProblem(await post(body), code);
      expect(errors?.map((error) => error.path)).toEqual(path === undefined ? undefined : [path]);
      expect(await stored()).toEqual(NOTHING_STORED);
    });
  }

  test('the error for a misspelt filter suggests the correct name', async () => {
    const { detail } = await expectProblem(
      await post({ format: 'JSONL', filters: { categoris: ['a'] } }),
      'VALIDATION_FAILED',
    );
    expect(detail).toContain('"categories"');
  });

  test('a body with a duplicate key is refused, so that the first filter is not dropped', async () => {
    const body = '{"format":"JSONL","filters":{"category":"auth"},"filters":{}}';
    await expectProblem(await post(body), 'VALIDATION_FAILED');
    expect(await stored()).toEqual(NOTHING_STORED);
  });

  test('an export of more events than the maximum is refused with both numbers', async () => {
    await storeEvents(MAX_ROWS + 2);
    const problem = await expectProblem(await post({ format: 'JSONL' }), 'EXPORT_TOO_LARGE');
    expect(problem).toMatchObject({ rows: MAX_ROWS + 2, maxRows: MAX_ROWS });
    expect(problem.detail).toContain(String(MAX_ROWS + 2));
    expect(await stored()).toMatchObject({ jobs: 0, exportKeys: 0, queued: 0, audit: 0 });
  });

  test('a key without exports:write cannot create an export', async () => {
    const reader = await region.key(company, { permissions: ['exports:read', 'events:write'] });
    await expectProblem(await post({ format: 'JSONL' }, reader), 'PERMISSION_DENIED');
    expect(await stored()).toEqual(NOTHING_STORED);
  });

  test('an export of a foreign workspace is refused with the same answer whether or not it exists', async () => {
    const bound = await region.key(company, { workspaceId: company.workspaceIds[0] });
    const other = await region.company();
    const foreign = [company.workspaceIds[1], other.workspaceIds[0], randomUUID(), 'nonsense'];
    const details = new Set<string>();
    for (const workspaceId of foreign) {
      const answer = await post({ format: 'CSV', filters: { workspaceId } }, bound);
      details.add((await expectProblem(answer, 'WORKSPACE_FORBIDDEN')).detail);
    }
    const workspaceIds = [...company.workspaceIds];
    const both = await post({ format: 'CSV', filters: { workspaceIds } }, bound);
    details.add((await expectProblem(both, 'WORKSPACE_FORBIDDEN')).detail);
    expect(details.size).toBe(1);
    expect(await stored()).toEqual(NOTHING_STORED);
  });
});

describe('the maximum number of rows', () => {
  test('an export of exactly the maximum is accepted, and of more events with a limit or a filter', async () => {
    await storeEvents(MAX_ROWS);
    expect((await startExport(api, key, { format: 'JSONL' })).rowsExpected).toBe(MAX_ROWS);
    await storeEvents(2, 'file');
    const limited = { format: 'JSONL', limit: MAX_ROWS };
    expect((await startExport(api, key, limited)).rowsExpected).toBe(MAX_ROWS);
    const filtered = { format: 'JSONL', filters: { category: 'file' } };
    expect((await startExport(api, key, filtered)).rowsExpected).toBe(2);
  });

  test('an export that takes longer than 2 seconds to count is accepted, and the worker enforces the maximum', async () => {
    await storeEvents(MAX_ROWS + 1);
    const blocker = await region.owner.connect();
    try {
      await blocker.query('BEGIN; LOCK TABLE events IN ACCESS EXCLUSIVE MODE');
      const job = await startExport(api, key, { format: 'JSONL', filters: { search: 'login' } });
      expect(job.rowsExpected).toBeNull();
    } finally {
      await blocker.query('ROLLBACK');
      blocker.release();
    }
  });
});

test('a workspace key exports its workspace without naming it', async () => {
  const bound = await region.key(company, { workspaceId: company.workspaceIds[1] ?? '' });
  const { workspaceIds } = await startExport(api, bound, { format: 'JSONL' });
  expect(workspaceIds).toEqual([company.workspaceIds[1]]);
});
