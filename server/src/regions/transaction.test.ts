import type pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../testing/test-database.ts';
import { openPool } from './connect.ts';
import { settlePipelined, inCompany } from './transaction.ts';

const COMPANY = '0198c1de-0000-7000-8000-0000000000c1';

let database: TestDatabase;
let pool: pg.Pool;

beforeAll(async () => {
  database = await createTestDatabase();
});
beforeEach(() => {
  pool = openPool(database.url, { role: 'api', max: 1, pipeline: true });
});
afterEach(() => pool.end());
afterAll(async () => {
  await database?.drop();
});

/** The part of pg's client that sends plain statements, which its types do not include. */
interface Wire {
  query(text: string): void;
}

test('a transaction whose BEGIN failed is rejected although its statements succeeded', async () => {
  const client = await pool.connect();
  const { connection } = client as unknown as { connection: Wire };
  client.release();
  const query = connection.query.bind(connection);
  connection.query = (text) => query(text.startsWith('BEGIN') ? `SELECT 1 / 0; ${text}` : text);
  const answered: unknown[] = [];
  const work = inCompany(pool, COMPANY, async (own) => {
    answered.push((await own.query('SELECT id FROM events')).rows);
  });
  await expect(work).rejects.toThrow('division by zero');
  expect(answered).toEqual([[]]);
});

test('the first failing statement of a pipeline is reported, and the connection stays usable', async () => {
  const statements = ['SELECT 1', 'SELECT 1 / 0', 'SELECT 2'];
  const work = inCompany(pool, COMPANY, (client) =>
    settlePipelined(statements.map((statement) => client.query(statement))),
  );
  await expect(work).rejects.toThrow('division by zero');
  const { rows } = await inCompany(pool, COMPANY, (client) =>
    client.query(`SELECT current_setting('exhibit.company_id') AS company`),
  );
  expect(rows).toEqual([{ company: COMPANY }]);
});

test('the cause is reported even if the results of later statements arrive earlier', async () => {
  const cause = Promise.withResolvers<void>();
  const work = settlePipelined([
    Promise.resolve('good'),
    cause.promise,
    Promise.reject(new Error('current transaction is aborted')),
  ]);
  setImmediate(() => cause.reject(new Error('a row was refused')));
  await expect(work).rejects.toThrow('a row was refused');
  await expect(settlePipelined([Promise.resolve(1), Promise.resolve(2)])).resolves.toBeUndefined();
});
