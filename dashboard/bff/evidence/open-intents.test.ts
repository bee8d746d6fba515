import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPool } from '../database.ts';
import { createDashboardDatabase, type TestDashboardDatabase } from '../testing/test-dashboard.ts';
import { openIntent } from './intent.ts';
import { findOrphanedIntents } from './open-intents.ts';

let db: TestDashboardDatabase;

beforeAll(async () => {
  db = await createDashboardDatabase();
});
afterAll(async () => {
  await db?.[Symbol.asyncDispose]();
});

test('every connection of the dashboard has a statement timeout', async () => {
  const pool = openPool(db.options('http://127.0.0.1:1').databaseUrl);
  try {
    const { rows } = await pool.query<{ ms: number }>(
      "SELECT setting::int AS ms FROM pg_settings WHERE name = 'statement_timeout'",
    );
    expect(rows).toEqual([{ ms: 15_000 }]);
  } finally {
    await pool.end();
  }
});

test('many open intents of one company do not delay those of another', async () => {
  const [busy, quiet] = [await db.company(), await db.company()];
  const open = (companyId: string) =>
    openIntent(db.pool, randomUUID(), {
      companyId,
      action: 'EXPORT_REQUESTED',
      actor: { type: 'user', id: 'u', label: 'u@example.test' },
      origin: { requestId: null, ip: null, userAgent: null },
      jobId: randomUUID(),
    });
  for (let count = 0; count < 120; count++) await open(busy.id);
  await open(quiet.id);
  const owner = new pg.Pool({ connectionString: db.database.url, max: 1 });
  await owner.query("UPDATE open_intents SET at = at - interval '1 hour'");
  await owner.end();
  const found = await findOrphanedIntents(db.pool, { deadAfterMs: 1_000, callAfterMs: 1_000 });
  const places = found.map(({ entry }) => entry.companyId);
  expect(places).toHaveLength(50);
  expect(places.slice(0, 2).sort()).toEqual([busy.id, quiet.id].sort());
});
