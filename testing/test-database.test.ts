import { Client } from 'pg';
import { describe, expect, test } from 'vitest';
import { createTestDatabase } from './test-database.ts';

async function queryOnce(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('test databases', () => {
  test('two test databases created concurrently are independent and their owner is not a superuser', async () => {
    const [one, two] = await Promise.all([createTestDatabase(), createTestDatabase()]);
    await queryOnce(one.url, 'create table only_here ()');
    const facts = `select to_regclass('only_here') as found, current_user as user, rolsuper, rolbypassrls
      from pg_roles where rolname = current_user`;
    const owner = { user: 'exhibit', rolsuper: false, rolbypassrls: true };
    expect(await queryOnce(one.url, facts)).toEqual([{ found: 'only_here', ...owner }]);
    expect(await queryOnce(two.url, facts)).toEqual([{ found: null, ...owner }]);
    await Promise.all([one.drop(), two.drop()]);
  });

  test('a test database can be the template of another', async () => {
    const original = await createTestDatabase();
    await queryOnce(original.url, 'create table kept as select 42 as answer');
    const copy = await createTestDatabase({ template: original.name });
    expect(await queryOnce(copy.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
    await Promise.all([copy.drop(), original.drop()]);
  });

  test('dropping a test database disconnects its clients', async () => {
    const database = await createTestDatabase();
    const client = new Client({ connectionString: database.url });
    const cutOff = new Promise((resolve) => client.on('error', resolve));
    await client.connect();
    await database.drop();
    await expect(cutOff).resolves.toMatchObject({ code: '57P01' });
    await expect(queryOnce(database.url, 'select 1')).rejects.toMatchObject({ code: '3D000' });
  });
});
