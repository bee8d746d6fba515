import { type Queryable, query, sql } from '../../../server/src/regions/sql.ts';

/** Whether a region has companies other than these. */
export async function hasOtherCompanies(
  owner: Queryable,
  companyIds: readonly string[],
): Promise<boolean> {
  const rows = await query(
    owner,
    sql<{ found: boolean }>`
      SELECT true AS found FROM companies WHERE company_id <> ALL(${[...companyIds]}::uuid[]) LIMIT 1`,
  );
  return rows.length > 0;
}
