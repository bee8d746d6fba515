import { afterAll, beforeAll, expect, test } from 'vitest';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../../testing/test-database.ts';
import { migrateDatabase, migrationStatus } from './migrate.ts';

let database: TestDatabase;

beforeAll(async () => {
  // template1: a database without any of our tables
  database = await createTestDatabase({ template: 'template1' });
});
afterAll(async () => {
  await database?.drop();
});

async function applied(): Promise<string[]> {
  const status = await migrationStatus(database.url, 'regional');
  return status.filter(({ appliedAt }) => appliedAt !== undefined).map(({ name }) => name);
}

async function execute(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}

async function hasTable(name: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    const { rows } = await client.query<{ found: boolean }>(
      'SELECT to_regclass($1) IS NOT NULL AS found',
      [name],
    );
    return rows[0]?.found === true;
  } finally {
    await client.end();
  }
}

test('a region can stop before saved views, then before templates, and be completed later', async () => {
  expect(await applied()).toEqual([]);
  await migrateDatabase(database.url, 'regional', { to: '20260216110000' });
  expect(await hasTable('export_jobs')).toBe(true);
  expect(await hasTable('saved_explorer_views')).toBe(false);
  expect(
    await migrateDatabase(database.url, 'regional', { to: '20260216120000_saved_explorer_views' }),
  ).toEqual(['20260216120000_saved_explorer_views']);
  expect(await hasTable('export_templates')).toBe(false);
  const before = await applied();
  await expect(
    migrateDatabase(database.url, 'regional', { to: 'no_such_migration' }),
  ).rejects.toThrow('no migration "no_such_migration"');
  expect(await applied()).toEqual(before);
  await migrateDatabase(database.url, 'regional');
  expect(await hasTable('export_templates')).toBe(true);
});

test('migrating again does nothing, and never goes back', async () => {
  const all = await applied();
  expect(all).toEqual((await migrationStatus(database.url, 'regional')).map(({ name }) => name));
  expect(await migrateDatabase(database.url, 'regional')).toEqual([]);
  expect(await migrateDatabase(database.url, 'regional', { to: all[0] ?? '' })).toEqual([]);
  expect(await applied()).toEqual(all);
});

test('a missing migration that is older than an applied one is reported and then applied', async () => {
  const missing = '20261130104000_export_unfinished_parts';
  const all = await applied();
  expect(all.at(-1)).not.toBe(missing);
  await execute(
    database.url,
    `ALTER TABLE export_jobs DROP COLUMN unfinished_parts_remain;
     DELETE FROM exhibit_migrations WHERE name = '${missing}';`,
  );
  expect(await applied()).toEqual(all.filter((name) => name !== missing));
  const beforeIt = all[all.indexOf(missing) - 1] ?? '';
  expect(await migrateDatabase(database.url, 'regional', { to: beforeIt })).toEqual([]);
  expect(await migrateDatabase(database.url, 'regional')).toEqual([missing]);
  expect(await applied()).toEqual(all);
  await execute(database.url, 'SELECT unfinished_parts_remain FROM export_jobs LIMIT 0');
});

test('a missing migration of the dashboard database that is older than an applied one is applied', async () => {
  const dashboard = await createTestDatabase({ template: 'template1' });
  const missing = '20260914093000_least_privilege';
  try {
    await migrateDatabase(dashboard.url, 'dashboard');
    await execute(dashboard.url, `DELETE FROM exhibit_migrations WHERE name = '${missing}'`);
    expect(await migrateDatabase(dashboard.url, 'dashboard')).toEqual([missing]);
    const status = await migrationStatus(dashboard.url, 'dashboard');
    expect(status.filter(({ appliedAt }) => appliedAt === undefined)).toEqual([]);
  } finally {
    await dashboard.drop();
  }
});

test('two concurrent runs apply every migration once', async () => {
  const fresh = await createTestDatabase({ template: 'template1' });
  try {
    const results = await Promise.all([
      migrateDatabase(fresh.url, 'regional'),
      migrateDatabase(fresh.url, 'regional'),
    ]);
    const names = results.flat().sort();
    expect(names).toEqual((await migrationStatus(fresh.url, 'regional')).map(({ name }) => name));
  } finally {
    await fresh.drop();
  }
});
