import { type Queryable, query, sql } from '../../regions/sql.ts';

/** Counts the active keys of a company. */
export async function countApiKeys(client: Queryable, companyId: string): Promise<number> {
  const [row] = await query(
    client,
    sql<{ count: number }>`
      SELECT count(*) AS count FROM api_keys
      WHERE company_id = ${companyId} AND revoked_at IS NULL
        AND (expires_at IS NULL OR expires_at > now())`,
  );
  return row?.count ?? 0;
}
