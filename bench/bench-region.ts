import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { openPool } from '../server/src/regions/connect.ts';
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../server/src/regions/embedded-postgres.ts';
import { migrateDatabase } from '../server/src/regions/migrate.ts';

export interface BenchRegion extends AsyncDisposable {
  readonly directory: string;
  readonly url: string;
  readonly owner: pg.Pool;
  readonly postgres: EmbeddedPostgres;
}

/** A durable embedded PostgreSQL of the bench's own, migrated and empty. */
export async function createBenchRegion(): Promise<BenchRegion> {
  const directory = await mkdtemp(join(tmpdir(), 'exhibit-bench-'));
  const postgres = await startEmbeddedPostgres({
    directory: join(directory, 'postgres'),
    durability: 'durable',
  });
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
      await postgres.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
