import type pg from 'pg';

/** Revokes INSERT on a table from the api role while `work` runs, to cause a failure in the middle of a transaction. */
export async function withoutInsert<Result>(
  owner: pg.Pool,
  table: string,
  work: () => Promise<Result>,
): Promise<Result> {
  await owner.query(`REVOKE INSERT ON ${table} FROM exhibit_api`);
  try {
    return await work();
  } finally {
    await owner.query(`GRANT INSERT ON ${table} TO exhibit_api`);
  }
}
