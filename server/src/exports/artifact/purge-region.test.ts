import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestRegion, type TestRegion } from '../../../../testing/test-region.ts';
import { purgeOldKeys } from './purge-region.ts';

const never = new AbortController().signal;
let region: TestRegion;

beforeAll(async () => {
  region = await createTestRegion();
});
afterAll(async () => region?.[Symbol.asyncDispose]());

test('two concurrent workers remove exactly the idempotency keys older than 24 hours, of all companies', async () => {
  const companies = [await region.company(), await region.company()];
  for (const { id } of companies) {
    await region.owner.query(
      `INSERT INTO export_idempotency (company_id, principal, key_hash, request_hash, job_id, created_at)
       SELECT $1, 'p', int4send(n), '\\x00', gen_random_uuid(),
              now() - CASE WHEN n <= 2500 THEN interval '25 hours' ELSE interval '23 hours' END
         FROM generate_series(1, 2510) n`,
      [id],
    );
  }
  const workers = [region.worker(), region.worker()];
  const removed = await Promise.all(workers.map(({ pool }) => purgeOldKeys(pool, never)));
  expect(removed.reduce((sum, count) => sum + count, 0)).toBe(5_000);
  const { rows } = await region.owner.query('SELECT count(*)::int AS n FROM export_idempotency');
  expect(rows).toEqual([{ n: 20 }]);
});
