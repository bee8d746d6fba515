import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../testing/test-database.ts';
import { connectionConfig, openPool, STATEMENT_TIMEOUT_MS } from './connect.ts';
import { openQueue } from './queue.ts';
import { errorCode, QUERY_CANCELED } from './system-error.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await database?.drop();
});

const timeoutOf = `SELECT setting::int AS ms FROM pg_settings WHERE name = 'statement_timeout'`;

test.each([
  ['api', false],
  ['api', true],
  ['worker', false],
] as const)(
  'every connection of the role %s has a statement timeout (pipeline: %s)',
  async (role, pipeline) => {
    const pool = openPool(database.url, { role, pipeline, max: 2 });
    try {
      const clients = await Promise.all([pool.connect(), pool.connect()]);
      for (const client of clients) {
        const { rows } = await client.query<{ ms: number }>(timeoutOf);
        expect(rows).toEqual([{ ms: STATEMENT_TIMEOUT_MS[role] }]);
        client.release();
      }
    } finally {
      await pool.end();
    }
  },
);

test.each(['api', 'worker'] as const)(
  'the connections of the %s queue have it, too',
  async (role) => {
    const queue = openQueue(database.url, role);
    queue.on('error', () => undefined);
    await queue.start();
    try {
      const { rows } = await queue.getDb().executeSql(timeoutOf);
      expect(rows).toEqual([{ ms: STATEMENT_TIMEOUT_MS[role] }]);
    } finally {
      await queue.stop({ graceful: false });
    }
  },
);

test('migrations have none', () => {
  expect(connectionConfig(database.url, { role: 'owner' }).options).toContain(
    '-c statement_timeout=0',
  );
});

test('a statement that takes longer than its limit ends, and its connection can be used again', async () => {
  const pool = openPool(database.url, { role: 'worker', max: 1 });
  try {
    const client = await pool.connect();
    await client.query('SET statement_timeout = 50');
    const error: unknown = await client.query('SELECT pg_sleep(30)').catch((e: unknown) => e);
    expect(errorCode(error)).toBe(QUERY_CANCELED);
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    client.release();
  } finally {
    await pool.end();
  }
});
