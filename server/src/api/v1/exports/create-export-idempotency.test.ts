import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { expectProblem } from '../../../../../testing/expect-problem.ts';
import { NOTHING_STORED, storedRows } from '../../../../../testing/stored-rows.ts';
import { startTestApi, type TestApi } from '../../../../../testing/test-api.ts';
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

describe('an Idempotency-Key makes one job', () => {
  const key1 = { 'idempotency-key': 'order 66' };
  const body = { format: 'JSONL', filters: { category: 'auth' } };

  test('a repeated Idempotency-Key answers 200 with the first job', async () => {
    const first = await post(body, key, key1);
    expect(first.status).toBe(201);
    const replay = await post({ filters: { categories: ['auth'] }, format: 'JSONL' }, key, key1);
    expect(replay.status).toBe(200);
    expect(await replay.json()).toEqual(await first.json());
    expect(replay.headers.get('location')).toBe(first.headers.get('location'));
    expect(await stored()).toEqual({ ...ONE_JOB, exportKeys: 1 });
  });

  test('a repeated Idempotency-Key with another body is refused', async () => {
    await post(body, key, key1);
    for (const other of [
      { ...body, limit: 1 },
      { ...body, filters: {} },
      { ...body, purpose: 'p' },
    ])
      await expectProblem(await post(other, key, key1), 'IDEMPOTENCY_CONFLICT');
    expect(await stored()).toEqual({ ...ONE_JOB, exportKeys: 1 });
  });

  test('an Idempotency-Key is scoped to the caller, also within one company', async () => {
    const others = [key, await region.key(company), await region.key(await region.company())];
    const ids = new Set<string>();
    for (const as of others) {
      const answer = await post(body, as, key1);
      expect(answer.status).toBe(201);
      ids.add(((await answer.json()) as ExportJobJson).jobId);
    }
    expect(ids.size).toBe(3);
  });

  test('an Idempotency-Key in concurrent requests creates one job', async () => {
    const answers = await Promise.all(Array.from({ length: 15 }, () => post(body, key, key1)));
    const statuses = answers.map(({ status }) => status).sort((a, b) => b - a);
    expect(statuses).toEqual([201, ...Array<number>(14).fill(200)]);
    const jobs = await Promise.all(answers.map((answer) => answer.json()));
    expect(new Set(jobs.map((job) => (job as ExportJobJson).jobId)).size).toBe(1);
    expect(await stored()).toEqual({ ...ONE_JOB, exportKeys: 1 });
  });

  test('a refused request does not consume its Idempotency-Key', async () => {
    await storeEvents(MAX_ROWS + 1);
    await expectProblem(await post({ format: 'JSONL' }, key, key1), 'EXPORT_TOO_LARGE');
    expect((await post({ format: 'CSV', limit: 1 }, key, key1)).status).toBe(201);
  });

  test('a repeated Idempotency-Key returns its job even if more events match now than the maximum', async () => {
    const first = await post(body, key, key1);
    await storeEvents(MAX_ROWS + 1);
    const replay = await post(body, key, key1);
    expect(replay.status).toBe(200);
    expect(await replay.json()).toEqual(await first.json());
  });

  test('an Idempotency-Key can be used again after 24 hours', async () => {
    const first = (await (await post(body, key, key1)).json()) as ExportJobJson;
    await region.owner.query(
      `UPDATE export_idempotency SET created_at = now() - interval '24 hours 1 second' WHERE company_id = $1`,
      [company.id],
    );
    const second = await post(body, key, key1);
    expect(second.status).toBe(201);
    expect(((await second.json()) as ExportJobJson).jobId).not.toBe(first.jobId);
  });

  test('an Idempotency-Key that is empty or longer than 255 characters is refused', async () => {
    for (const value of ['', 'k'.repeat(256)]) {
      const answer = await post(body, key, { 'idempotency-key': value });
      const { errors } = await expectProblem(answer, 'VALIDATION_FAILED');
      expect(errors?.map(({ path }) => path)).toEqual(['Idempotency-Key']);
    }
    expect(await stored()).toEqual(NOTHING_STORED);
  });
});
