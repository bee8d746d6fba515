import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import pg from 'pg';
import type { BenchRegion } from './bench-region.ts';

// Force the index scan that exports use. By default the planner sorts, which takes longer.
const PINNED =
  'SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off; SET enable_incremental_sort = off; SET jit = off';

const hasPsql = spawnSync('psql', ['--version']).status === 0;

/** Ways to write the rows of a SELECT to a file without Exhibit. Neither syncs the file to disk. */
export type ReferenceCopies = Readonly<Record<string, () => Promise<void>>>;

/**
 * Server-side COPY to a file in its data directory, if the login may write one, and psql's \copy, if psql is installed.
 * @param options of COPY, such as `FORMAT csv`
 */
export async function referenceCopies(
  region: BenchRegion,
  select: string,
  options = 'FORMAT text',
): Promise<ReferenceCopies> {
  const file = await serverFile(region);
  return {
    ...(file === undefined
      ? {}
      : { serverCopy: () => serverCopy(region, `COPY (${select}) TO '${file}' (${options})`) }),
    ...(hasPsql ? { psqlCopy: () => psqlCopy(region, select, options) } : {}),
  };
}

async function serverFile(region: BenchRegion): Promise<string | undefined> {
  const client = new pg.Client({ connectionString: region.postgres.superuserUrl('exhibit_us') });
  await client.connect();
  try {
    const { rows } = await client.query<{ file: string }>(
      `SELECT current_setting('data_directory') || '/exhibit-bench.copy' AS file`,
    );
    await client.query(`COPY (SELECT 1) TO '${rows[0]?.file}'`);
    return rows[0]?.file;
  } catch {
    return undefined;
  } finally {
    await client.end();
  }
}

async function serverCopy(region: BenchRegion, copy: string): Promise<void> {
  const client = new pg.Client({ connectionString: region.postgres.superuserUrl('exhibit_us') });
  await client.connect();
  try {
    await client.query(PINNED);
    await client.query(copy);
  } finally {
    await client.end();
  }
}

function psqlCopy(region: BenchRegion, select: string, options: string): Promise<void> {
  const file = join(region.directory, 'psql.copy');
  const copy = `\\copy (${select}) TO '${file}' WITH (${options})`;
  execFileSync('psql', [region.url, '-q', '-v', 'ON_ERROR_STOP=1', '-c', PINNED, '-c', copy]);
  return Promise.resolve();
}
