import { execute, type Queryable, query, sql } from '../../../regions/sql.ts';

/**
 * Locks the slots of the company until the transaction ends, so that only this transaction counts and assigns them.
 * Later statements see everything that the previous holder committed. Lock it before the row of any job. @returns
 * false in a region without the migration, where exports are not limited
 */
export async function lockSlots(client: Queryable, companyId: string): Promise<boolean> {
  const [region] = await query(
    client,
    sql<{ found: boolean }>`SELECT to_regclass('public.export_slots') IS NOT NULL AS found`,
  );
  if (region?.found !== true) return false;
  const lock = sql`SELECT FROM export_slots WHERE company_id = ${companyId} FOR UPDATE`;
  if ((await execute(client, lock)) === 1) return true;
  await execute(
    client,
    sql`INSERT INTO export_slots (company_id) VALUES (${companyId}) ON CONFLICT DO NOTHING`,
  );
  await execute(client, lock);
  return true;
}
