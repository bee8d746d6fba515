import { type Queryable, query, sql } from '../../../regions/sql.ts';

/** Companies with idempotency keys older than 24 hours; none where the region is not migrated that far. */
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

/** Removes up to `maxKeys` keys of one company that count no more. @returns how many it removed */
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
