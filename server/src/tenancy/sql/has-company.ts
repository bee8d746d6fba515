import { type Queryable, query, sql } from '../../regions/sql.ts';

export async function hasCompany(client: Queryable, companyId: string): Promise<boolean> {
  const rows = await query(
    client,
    sql<object>`SELECT FROM companies WHERE company_id = ${companyId}`,
  );
  return rows.length === 1;
}
