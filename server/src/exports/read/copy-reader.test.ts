import { createHash } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectionConfig, openPool } from '../../regions/connect.ts';
import { createTestDatabase, type TestDatabase } from '../../../../testing/test-database.ts';
import { CopyReader } from './copy-reader.ts';

let database: TestDatabase;
let pool: pg.Pool;
/** A pool whose sockets do not expose their read buffers, like TLS sockets. */
let plain: pg.Pool;

beforeAll(async () => {
  database = await createTestDatabase({ template: 'template1' });
  pool = openPool(database.url, { role: 'owner', max: 4 });
  plain = new pg.Pool({ ...connectionConfig(database.url, { role: 'owner' }), max: 4 });
});
afterAll(async () => {
  await pool?.end();
  await plain?.end();
  await database?.drop();
});

const LINES = `SELECT format('{"id":"%s","n":%s}', gen_random_uuid(), repeat(n::text, n % 97)) FROM generate_series(1, 20000) n`;
const CSV = `SELECT n, repeat('x', 1 + n % 300) FROM generate_series(1, 20000) n`;

async function read(from: pg.Pool, select: string, framing: 'lines' | 'csv'): Promise<string> {
  const client = await from.connect();
  try {
    const format = framing === 'lines' ? 'binary' : 'csv';
    const options = { framing, maxRows: Number.POSITIVE_INFINITY };
    const reader = new CopyReader(`COPY (${select}) TO STDOUT (FORMAT ${format})`, options);
    client.query(reader);
    let text = '';
    for await (const chunk of reader) text += chunk.toString('latin1');
    expect(reader.complete).toBe(true);
    // The connection is still usable.
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    return text;
  } finally {
    client.release();
  }
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const csvRows = Array.from(
  { length: 20_000 },
  (_, at) => `${at + 1},${'x'.repeat(1 + ((at + 1) % 300))}\r\n`,
);

test.each(['pool', 'plain'] as const)(
  'four concurrent readers share read buffers but no content (%s)',
  async (name) => {
    const from = name === 'pool' ? pool : plain;
    const texts = await Promise.all(
      [1, 2, 3, 4].map((part) => read(from, `${CSV} WHERE n % 4 = ${part % 4}`, 'csv')),
    );
    const expected = [1, 2, 3, 4].map((part) =>
      csvRows.filter((_, at) => (at + 1) % 4 === part % 4).join(''),
    );
    expect(texts.map(sha256)).toEqual(expected.map(sha256));
  },
);

test('lines that arrive in the same read as the end of the query are returned', async () => {
  for (let rows = 0; rows < 40; rows += 1) {
    const text = await read(pool, `SELECT n::text FROM generate_series(1, ${rows}) n`, 'lines');
    expect(text).toBe(Array.from({ length: rows }, (_, at) => `${at + 1}\n`).join(''));
  }
  expect((await read(pool, LINES, 'lines')).split('\n')).toHaveLength(20_001);
});

test('rows that arrive slowly are returned before their buffer is full', async () => {
  const client = await pool.connect();
  const slow = `COPY (SELECT repeat('x', 9000) FROM generate_series(1, 20) n, LATERAL pg_sleep(CASE n WHEN 20 THEN 3600 ELSE 0 END)) TO STDOUT (FORMAT csv)`;
  const reader = new CopyReader(slow, { framing: 'csv', maxRows: 20 });
  client.query(reader);
  for await (const chunk of reader) {
    expect(chunk.toString()).toMatch(/^x+/);
    reader.stop();
  }
  expect(reader.complete).toBe(false);
  client.release(true);
});

test('an error of the query is thrown after the rows before it', async () => {
  const client = await pool.connect();
  const reader = new CopyReader(
    `COPY (SELECT 1000 / (5000 - n) FROM generate_series(1, 6000) n) TO STDOUT (FORMAT csv)`,
    { framing: 'csv', maxRows: 6000 },
  );
  client.query(reader);
  let rows = 0;
  await expect(
    (async () => {
      for await (const chunk of reader) rows += chunk.toString().split('\r\n').length - 1;
    })(),
  ).rejects.toThrow('division by zero');
  expect(rows).toBe(reader.frames.rows);
  expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  client.release();
});
