import { type Queryable, query, sql } from '../../../regions/sql.ts';

/** Companies with idempotency keys older than 24 hours; none in a region without the migration. */
export async function companiesWithOldKeys(
  client: Queryable,
  maxCompanies: number,
): Promise<string[]> {
  const [region] = await query(
    client,
    sql<{ found: boolean }>`
      SELECT to_regproc('public.exhibit_companies_with_old_keys') IS NOT NULL AS found`,
  );
  if (region?.found !== true) return [];
  const rows = await query(
    client,
    sql<{ companyId: string }>`
      SELECT company_id AS "companyId" FROM exhibit_companies_with_old_keys(${maxCompanies}) AS company_id`,
  );
  return rows.map(({ companyId }) => companyId);
}

/** Removes up to `maxKeys` expired keys of one company. @returns the number of removed keys */
export async function purgeIdempotencyKeys(
  client: Queryable,
  companyId: string,
  maxKeys: number,
): Promise<number> {
  const [row] = await query(
    client,
    sql<{ purged: number }>`SELECT exhibit_purge_old_keys(${companyId}, ${maxKeys}) AS purged`,
  );
  return row?.purged ?? 0;
}
