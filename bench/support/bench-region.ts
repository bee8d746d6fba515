import { mkdir, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import type pg from 'pg';
import { openPool } from '../../server/src/regions/connect.ts';
import { migrateDatabase } from '../../server/src/regions/migrate.ts';
import { temporaryHome } from '../../testing/processes/temporary-home.ts';
import { type BenchServer, openBenchServer } from './bench-server.ts';

export interface BenchRegion extends AsyncDisposable {
  readonly directory: string;
  readonly url: string;
  readonly owner: pg.Pool;
  readonly postgres: BenchServer;
}

/**
 * Creates an empty, migrated and durable region for a bench: on an embedded PostgreSQL, or in new databases on the first
 * server of REGION_DATABASE_URLS. With EXHIBIT_BENCH_HOME, the embedded server and its events are kept for the next
 * bench that uses the same events.
 */
export async function createBenchRegion(): Promise<BenchRegion> {
  const kept = process.env['EXHIBIT_BENCH_HOME'] || undefined; // treat an empty variable as unset
  const directory = kept === undefined ? await temporaryHome('bench') : resolve(kept);
  await mkdir(directory, { recursive: true });
  const postgres = await openBenchServer(directory);
  await postgres.ensureDatabase('exhibit_us');
  const url = postgres.url('exhibit_us');
  await migrateDatabase(url, 'regional');
  const owner = openPool(url, { role: 'owner', max: 4 });
  return {
    directory,
    url,
    owner,
    postgres,
    [Symbol.asyncDispose]: async () => {
      await owner.end();
      await postgres[Symbol.asyncDispose]();
      if (kept === undefined) await rm(directory, { recursive: true, force: true });
    },
  };
}
