import * as fc from 'fast-check';
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../testing/test-database.ts';
import { openPool } from './connect.ts';
import { textArray } from './text-array.ts';

let database: TestDatabase;
let pool: pg.Pool;

beforeAll(async () => {
  database = await createTestDatabase({ template: 'template1' });
  pool = openPool(database.url, { role: 'owner', max: 1 });
});
afterAll(async () => {
  await pool?.end();
  await database?.drop();
});

async function asPostgresReads(values: readonly (string | null)[]): Promise<unknown> {
  const { rows } = await pool.query<{ read: unknown }>('SELECT to_json($1::text[]) AS read', [
    textArray(values),
  ]);
  return rows[0]?.read;
}

test.for(['NULL', '', ' ', '"', '\\', '\\"', '{}', '{a,b}', ',', '\n', "'", '\\N', '💥'])(
  '%j arrives as it is',
  async (text) => {
    expect(await asPostgresReads([text, null, text])).toEqual([text, null, text]);
  },
);

test('texts of any kind arrive unchanged', async () => {
  // PostgreSQL texts cannot contain NUL; events with NUL are rejected earlier.
  const text = fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('\0'));
  const values = fc
    .array(fc.option(text), { minLength: 1 })
    .filter((all) => all.some((value) => value !== null));
  await fc.assert(
    fc.asyncProperty(values, async (sent) => {
      expect(await asPostgresReads(sent)).toEqual(sent);
    }),
  );
});

test('an array of only nulls becomes an empty array, which unnest fills up to the length of a longer one', async () => {
  const { rows } = await pool.query('SELECT a, b FROM unnest($1::text[], $2::text[]) AS u(a, b)', [
    textArray(['x', 'y']),
    textArray([null, null]),
  ]);
  expect(rows).toEqual([
    { a: 'x', b: null },
    { a: 'y', b: null },
  ]);
});
