import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Kysely, PostgresDialect, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { openPool } from './connect.ts';
import { ensureQueueSchema } from './queue.ts';

export type MigrationSet = 'regional' | 'dashboard';

export interface MigrationStatus {
  readonly name: string;
  /** undefined if not applied yet */
  readonly appliedAt: Date | undefined;
}

const MIGRATIONS = new URL('../../migrations/', import.meta.url).pathname;

/** Plain SQL files, each applied exactly once, in the order of their names. */
async function readMigrations(set: MigrationSet): Promise<Record<string, Migration>> {
  const directory = join(MIGRATIONS, set);
  const files = (await readdir(directory)).filter((file) => file.endsWith('.sql')).sort();
  const migrations: Record<string, Migration> = {};
  for (const file of files) {
    const text = await readFile(join(directory, file), 'utf8');
    migrations[file.slice(0, -'.sql'.length)] = {
      up: async (db) => {
        await sql.raw(text).execute(db);
      },
    };
  }
  return migrations;
}

async function withMigrator<Result>(
  url: string,
  set: MigrationSet,
  work: (migrator: Migrator) => Promise<Result>,
): Promise<Result> {
  const pool = openPool(url, { role: 'owner', max: 2, name: 'migrate' });
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  try {
    const migrator = new Migrator({
      db,
      provider: { getMigrations: () => readMigrations(set) },
      migrationTableName: 'exhibit_migrations',
      migrationLockTableName: 'exhibit_migrations_lock',
      // A branch that is merged late adds a migration whose name is older than an applied one.
      allowUnorderedMigrations: true,
    });
    return await work(migrator);
  } finally {
    await db.destroy();
  }
}

/** Every known migration of the set and whether this database has it. */
export async function migrationStatus(url: string, set: MigrationSet): Promise<MigrationStatus[]> {
  return withMigrator(url, set, async (migrator) => {
    const migrations = await migrator.getMigrations();
    return migrations.map(({ name, executedAt }) => ({ name, appliedAt: executedAt }));
  });
}

/**
 * Applies every missing migration up to and including `to` (a migration's name or its timestamp; default: all),
 * also one that is older by name than a migration already applied. Never reverts a migration.
 * @returns the names of the migrations that this call applied, in order
 * @throws Error when `to` names nothing, or the message and name of the migration that failed
 */
export async function migrateDatabase(
  url: string,
  set: MigrationSet,
  options: { to?: string } = {},
): Promise<string[]> {
  return alone(url, async () => {
    const applied = await withMigrator(url, set, (migrator) => migrateTo(migrator, options.to));
    if (set === 'regional') await ensureQueueSchema(url);
    return applied;
  });
}

/**
 * Runs work while no other process migrates this database. The migrator has a lock of its own, but the
 * queue's schema and its grants come after it, and two GRANTs at once fail with "tuple concurrently updated".
 */
async function alone<Result>(url: string, work: () => Promise<Result>): Promise<Result> {
  const pool = openPool(url, { role: 'owner', max: 1, name: 'migrate lock' });
  const client = await pool.connect();
  try {
    await client.query("SELECT pg_advisory_lock(hashtext('exhibit migrate'))");
    return await work();
  } finally {
    // Closing the session releases the lock.
    client.release(true);
    await pool.end();
  }
}

async function migrateTo(migrator: Migrator, to: string | undefined): Promise<string[]> {
  const known = await migrator.getMigrations();
  const target = to === undefined ? known.at(-1)?.name : resolveTarget(known, to);
  // The newest missing migration, not the newest one: migrateTo() would revert to a target that is applied.
  const lastMissing = known.findLast(
    ({ name, executedAt }) => executedAt === undefined && target !== undefined && name <= target,
  );
  if (lastMissing === undefined) return [];
  const { error, results } = await migrator.migrateTo(lastMissing.name);
  if (error !== undefined) {
    const failed = results?.find(({ status }) => status === 'Error');
    const reason = error instanceof Error ? error.message : 'unknown reason';
    throw new Error(`Migration ${failed?.migrationName ?? lastMissing.name} failed: ${reason}`, {
      cause: error,
    });
  }
  return (results ?? []).map(({ migrationName }) => migrationName);
}

function resolveTarget(known: readonly { name: string }[], to: string): string {
  const exact = known.find(({ name }) => name === to || name.startsWith(`${to}_`));
  if (exact !== undefined) return exact.name;
  // A bare timestamp between two migrations means: everything up to that moment.
  const before = /^\d{14}$/.test(to) ? known.findLast(({ name }) => name <= to) : undefined;
  if (before === undefined) throw new Error(`There is no migration "${to}".`);
  return before.name;
}
