import { createHash } from 'node:crypto';
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPool } from '../../regions/connect.ts';
import { inCompany } from '../../regions/transaction.ts';
import { createTestExport, expectedContentSha256 } from '../../../../testing/export-job.ts';
import { makeEvents } from '../../../../testing/make-events.ts';
import {
  createTestRegion,
  type TestCompany,
  type TestRegion,
} from '../../../../testing/test-region.ts';
import type { ExportDeps } from '../export-deps.ts';
import { ExportFailure } from '../export-failure.ts';
import type { ExportJob } from '../export-job.ts';
import { sliceExport } from '../run/prepare-export.ts';
import { readEvents } from './read-events.ts';
import { ReadSemaphore } from './read-semaphore.ts';
import { readHeads } from '../../events/explore/sql/read-heads.ts';
import { patient } from '../../../../testing/patience.ts';

const ROWS = 60_000;

let region: TestRegion;
let company: TestCompany;
let deps: ExportDeps;

beforeAll(async () => {
  region = await createTestRegion();
  company = await region.company(['Production', 'Staging']);
  await makeEvents(region.owner, {
    companyId: company.id,
    workspaceIds: company.workspaceIds,
    rows: ROWS,
  });
  deps = await region.startedWorker();
});
afterAll(async () => {
  await region?.[Symbol.asyncDispose]();
});

/** A pool of one connection: nothing can be read ahead. */
function openNarrowPool() {
  const pool = openPool(region.url, { role: 'worker', max: 1 });
  return { pool, [Symbol.asyncDispose]: () => pool.end() };
}

interface ReadOptions {
  readonly pool?: pg.Pool;
  readonly places?: ReadSemaphore;
  readonly sliceRows?: number;
  readonly deadlineMs?: number;
  /** Awaited after every chunk, like a slow store. */
  readonly pauseMs?: number;
  readonly signal?: AbortSignal;
}

async function read(
  job: ExportJob,
  {
    pool = deps.pool,
    places = new ReadSemaphore(1),
    sliceRows = 10_000,
    deadlineMs = 25_000,
    pauseMs = 0,
    signal = new AbortController().signal,
  }: ReadOptions = {},
) {
  const cut = await inCompany(pool, company.id, (client) =>
    readHeads(client, company.id, company.workspaceIds),
  );
  const slices = await sliceExport(pool, job, { rows: sliceRows, matching: sliceRows });
  const counts = { rows: 0, truncated: false };
  const hash = createHash('sha256');
  const ids: string[] = [];
  let rest = '';
  for await (const chunk of readEvents({
    pool,
    places,
    job,
    cut,
    slices,
    counts,
    signal,
    deadlineMs,
  })) {
    hash.update(chunk);
    const lines = (rest + chunk.toString('utf8')).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) ids.push(line.slice(7, 43));
    if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  expect(rest).toBe('');
  return { counts, ids, slices: slices.length, sha256: hash.digest('hex'), cut };
}

/**
 * A read whose slices reach their time limit. On a busy machine a slice may not find even one row within that time,
 * which fails the export; then the limit is doubled.
 */
async function readWithShortDeadline(
  job: ExportJob,
  options: ReadOptions & { deadlineMs: number },
) {
  for (let { deadlineMs } = options; ; deadlineMs *= 2) {
    try {
      return await read(job, { ...options, deadlineMs });
    } catch (error) {
      const isTooSlow = error instanceof ExportFailure && error.code === 'QUERY_TOO_SLOW';
      if (!isTooSlow || deadlineMs > 1_000) throw error;
    }
  }
}

test('guarantee 1: the content of an export does not depend on its slices', async () => {
  const job = await createTestExport(region, company);
  const whole = await read(job, { sliceRows: 10 * ROWS });
  const pieces = await read(job, { sliceRows: 500 });
  expect(whole.slices).toBe(1);
  expect(pieces.slices).toBeGreaterThan(1);
  expect(whole.counts.rows).toBe(ROWS);
  expect(new Set(whole.ids).size).toBe(ROWS);
  expect(whole.ids).toEqual([...whole.ids].sort());
  expect(pieces.sha256).toBe(whole.sha256);
  expect(whole.sha256).toBe(await expectedContentSha256(region, company.id, whole.cut));
});

test('guarantee 1: a slice that reaches its time limit continues after the last complete row', async () => {
  const job = await createTestExport(region, company);
  const slow = await readWithShortDeadline(job, {
    sliceRows: 10 * ROWS,
    deadlineMs: 40,
    pauseMs: 1,
  });
  expect(slow.counts.rows).toBe(ROWS);
  expect(slow.sha256).toBe(await expectedContentSha256(region, company.id, slow.cut));
});

test('guarantee 1: a range without a row within the time limit is halved, and the rare match is found', async () => {
  const filters = {
    version: 1,
    categories: ['auth'],
    actions: ['created'],
    actorIds: ['user-20'],
    search: 'doc-20',
  } as const;
  const job = await createTestExport(region, company, { filters });
  const fast = await read(job);
  const slow = await readWithShortDeadline(job, { sliceRows: 10 * ROWS, deadlineMs: 15 });
  expect(fast.counts.rows).toBeGreaterThan(0);
  expect(slow.ids).toEqual(fast.ids);
});

/** Lines of 250 kB, 75 MB in each of two slices: more than the kernel buffers for a reader that has stopped. */
const LARGE_ROWS = 600;
let large: Promise<TestCompany> | undefined;

async function makeLarge(): Promise<TestCompany> {
  const made = await region.company();
  const { id: companyId, workspaceIds } = made;
  await makeEvents(region.owner, { companyId, workspaceIds, rows: LARGE_ROWS });
  await region.owner.query(
    `UPDATE events SET line = line || repeat(' ', 250000) WHERE company_id = $1`,
    [companyId],
  );
  return made;
}

/** A read whose consumer stopped after the first rows, while this many of its two slices are open. */
async function startReading(open = 2, places = deps.places) {
  const from = await (large ??= makeLarge());
  const job = await createTestExport(region, from);
  const cut = await inCompany(deps.pool, from.id, (client) =>
    readHeads(client, from.id, from.workspaceIds),
  );
  const [all] = await sliceExport(deps.pool, job, { rows: 10 * ROWS, matching: 10 * ROWS });
  const { rows } = await region.owner.query<{ id: string }>(
    'SELECT id FROM events WHERE company_id = $1 ORDER BY id OFFSET $2 LIMIT 1',
    [from.id, LARGE_ROWS / 2],
  );
  const middle = rows[0]?.id;
  if (all === undefined || middle === undefined) throw new Error('there are no events');
  const counts = { rows: 0, truncated: false };
  const content = readEvents({
    pool: deps.pool,
    places,
    job,
    cut,
    slices: [
      { lower: all.lower, upper: middle },
      { lower: middle, upper: all.upper },
    ],
    counts,
    signal: new AbortController().signal,
  });
  await content.next();
  await expect.poll(() => waiting(), { timeout: patient(30_000) }).toBe(open);
  return { content, counts };
}

/** COPY statements in this test's database that wait for their reader; other test files share the server. */
async function waiting(select = 'pid'): Promise<number> {
  const { rowCount } = await region.owner.query(
    `SELECT ${select} FROM pg_stat_activity WHERE query LIKE '%COPY (SELECT%' AND state = 'active'
       AND wait_event = 'ClientWrite' AND datname = current_database() AND pid <> pg_backend_pid()`,
  );
  return rowCount ?? 0;
}

test('guarantee 2: PostgreSQL waits for a reader that stops reading, also with slices read ahead', async () => {
  const { content, counts } = await startReading();
  expect(counts.rows).toBeLessThan(LARGE_ROWS / 4);
  await content.return(undefined);
  await expect.poll(() => waiting(), { timeout: patient(30_000) }).toBe(0);
  expect(deps.pool.totalCount).toBe(deps.pool.idleCount);
});

test('an export reads nothing ahead while another export is reading', async () => {
  using _other = await deps.places.take(new AbortController().signal);
  const { content } = await startReading(1);
  expect(deps.pool.totalCount - deps.pool.idleCount).toBe(1);
  await content.return(undefined);
});

test('exports that wait for a read slot stop when aborted, and those that read release theirs', async () => {
  const job = await createTestExport(region, company);
  const places = new ReadSemaphore(1);
  const stop = new AbortController();
  const place = await places.take(stop.signal);
  const waiting = read(job, { places, signal: stop.signal });
  setTimeout(() => stop.abort(new Error('enough')), 50);
  await expect(waiting).rejects.toThrow('enough');
  place[Symbol.dispose]();
  const both = await Promise.all([read(job, { places }), read(job, { places })]);
  expect(new Set(both.map(({ sha256 }) => sha256)).size).toBe(1);
  expect(places.isIdle).toBe(true);
});

test('an export with a slow store lets another export read', async () => {
  const places = new ReadSemaphore(1, 60_000);
  const { content } = await startReading(2, places);
  const another = await places.take(AbortSignal.timeout(patient(10_000)));
  expect(places.isIdle).toBe(false);
  another[Symbol.dispose]();
  await content.return(undefined);
  expect(places.isIdle).toBe(true);
});

test('a slice that fails while it is read ahead fails the export and releases every connection', async () => {
  const { content } = await startReading();
  expect(await waiting('pg_terminate_backend(pid)')).toBe(2);
  await expect(Array.fromAsync(content)).rejects.toThrow(/terminat|closed/);
  expect(deps.pool.totalCount).toBe(deps.pool.idleCount);
});

test('guarantee 3: only the limit of the request truncates a file, and the job is marked as truncated', async () => {
  const exact = await read(await createTestExport(region, company, { limit: ROWS }));
  expect(exact.counts).toEqual({ rows: ROWS, truncated: false });
  const cut = await read(await createTestExport(region, company, { limit: 777 }), {
    sliceRows: 100,
  });
  expect(cut.counts).toEqual({ rows: 777, truncated: true });
  expect(cut.ids).toEqual(exact.ids.slice(0, 777));
});

test('guarantee 3: one row more than the maximum fails with EXPORT_TOO_LARGE', async () => {
  const job = await createTestExport(region, company);
  expect((await read({ ...job, maxRows: ROWS })).counts.rows).toBe(ROWS);
  await expect(read({ ...job, maxRows: ROWS - 1 })).rejects.toMatchObject({
    code: 'EXPORT_TOO_LARGE',
  });
});

test('guarantee 1: rows read ahead keep their position, even after the time limit or with a full pool', async () => {
  const job = await createTestExport(region, company);
  const whole = await read(job, { sliceRows: 10 * ROWS });
  const slow = await readWithShortDeadline(job, { sliceRows: 2000, deadlineMs: 20, pauseMs: 1 });
  expect(slow.slices).toBeGreaterThan(ROWS / 4000);
  expect(slow.sha256).toBe(whole.sha256);
  await using narrow = openNarrowPool();
  const alone = await read(job, { sliceRows: 2000, pool: narrow.pool });
  expect(alone.sha256).toBe(whole.sha256);
});

test('guarantee 3: an export fails if a slice read ahead exceeds the maximum first', async () => {
  const job = await createTestExport(region, company);
  for (const maxRows of [1, 1999, 2001, ROWS - 1]) {
    await expect(read({ ...job, maxRows }, { sliceRows: 2000 })).rejects.toMatchObject({
      code: 'EXPORT_TOO_LARGE',
    });
  }
  expect((await read({ ...job, maxRows: ROWS }, { sliceRows: 2000 })).counts.rows).toBe(ROWS);
});

test('an aborted read ends immediately and leaves no running query', async () => {
  const job = await createTestExport(region, company);
  const stop = new AbortController();
  const reading = read(job, { sliceRows: 10 * ROWS, pauseMs: 5, signal: stop.signal });
  setTimeout(() => stop.abort(new Error('enough')), 50);
  await expect(reading).rejects.toThrow('enough');
  const active = async () =>
    (
      await region.owner.query(
        `SELECT FROM pg_stat_activity WHERE query LIKE '%COPY (SELECT%' AND state = 'active'
           AND datname = current_database() AND pid <> pg_backend_pid()`,
      )
    ).rowCount;
  await expect.poll(active, { timeout: patient(30_000) }).toBe(0);
});
