import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  createTestRegion,
  type TestCompany,
  type TestRegion,
} from '../../../../testing/test-region.ts';
import { foldRollup } from './fold-rollup.ts';
import { patient } from '../../../../testing/patience.ts';

const DEADLINE_MS = patient(60_000);

let region: TestRegion;
let pool: pg.Pool;

beforeAll(async () => {
  region = await createTestRegion();
  pool = region.worker().pool;
});
afterAll(async () => {
  await region?.[Symbol.asyncDispose]();
});

/** Appends deltas with one event each, spread over a thousand hours and five actions. */
async function append(company: TestCompany, deltas: number): Promise<void> {
  await region.owner.query(
    `INSERT INTO event_rollup_deltas (company_id, workspace_id, hour, category, action, count)
     SELECT $1, $2, '2026-01-01'::timestamptz + make_interval(hours => i % 1000), 'c', 'a' || i % 5, 1
     FROM generate_series(1, $3::int) i`,
    [company.id, company.workspaceIds[0], deltas],
  );
}

async function left({ id }: TestCompany): Promise<number> {
  const { rows } = await region.owner.query<{ count: number }>(
    'SELECT count(*) FROM event_rollup_deltas WHERE company_id = $1',
    [id],
  );
  return rows[0]?.count ?? 0;
}

async function folded({ id }: TestCompany): Promise<number> {
  const { rows } = await region.owner.query<{ count: number }>(
    'SELECT coalesce(sum(count), 0)::bigint AS count FROM event_rollup WHERE company_id = $1',
    [id],
  );
  return rows[0]?.count ?? 0;
}

test('two concurrent workers fold every delta exactly once', async () => {
  const companies = await Promise.all([region.company(), region.company(), region.company()]);
  const [large, small, none] = companies;
  await append(large, 9_001);
  await append(small, 3);
  const signal = new AbortController().signal;
  await Promise.all([foldRollup(pool, signal), foldRollup(region.worker().pool, signal)]);
  // If the other worker holds a company's lock, its deltas are left to the next round.
  await foldRollup(pool, signal);
  expect(await Promise.all(companies.map(left))).toEqual([0, 0, 0]);
  expect(await Promise.all([large, small, none].map(folded))).toEqual([9_001, 3, 0]);
});

test('a backlog of one company does not delay a single delta of another', async () => {
  const [busy, quiet] = [await region.company(), await region.company()];
  await append(busy, 60_000);
  const stop = new AbortController();
  const folding = foldRollup(pool, stop.signal);
  try {
    const deadline = Date.now() + DEADLINE_MS;
    const until = async (reached: () => Promise<boolean>) => {
      while (!(await reached())) expect(Date.now()).toBeLessThan(deadline);
    };
    await until(async () => (await folded(busy)) > 0);
    await append(quiet, 1);
    await until(async () => (await left(quiet)) === 0);
    expect(await left(busy)).toBeGreaterThan(0);
  } finally {
    stop.abort();
    await folding;
  }
  await foldRollup(pool, new AbortController().signal);
  expect([await folded(busy), await folded(quiet)]).toEqual([60_000, 1]);
});

test('backlogs of several companies are folded in turn', async () => {
  const companies = await Promise.all([region.company(), region.company(), region.company()]);
  const [first] = companies;
  for (const company of companies) await append(company, 12_000);
  const stop = new AbortController();
  const folding = foldRollup(pool, stop.signal);
  await expect
    .poll(() => folded(first), { timeout: DEADLINE_MS, interval: 1 })
    .toBeGreaterThanOrEqual(6_000);
  stop.abort();
  await folding;
  const amounts = await Promise.all(companies.map(folded));
  for (const amount of amounts) expect(amount, String(amounts)).toBeGreaterThanOrEqual(2_000);
  await foldRollup(pool, new AbortController().signal);
});

test('a backlog is folded without a join even if the statistics do not include the company', async () => {
  const [known, unknown] = [await region.company(), await region.company()];
  await append(known, 5_000);
  await region.owner.query('ANALYZE event_rollup_deltas');
  await append(unknown, 20_000);
  const plans = await region.owner.query<{ 'QUERY PLAN': string }>(
    `EXPLAIN DELETE FROM event_rollup_deltas WHERE company_id = $1 AND delta_id <= $2::bigint`
      .replace('$1', `'${unknown.id}'`)
      .replace('$2', '1000000'),
  );
  const plan = plans.rows.map((row) => row['QUERY PLAN']).join('\n');
  expect(plan).not.toMatch(/Nested Loop|Join/);
  await foldRollup(pool, new AbortController().signal);
  expect(await left(unknown)).toBe(0);
  expect(await folded(unknown)).toBe(20_000);
});
