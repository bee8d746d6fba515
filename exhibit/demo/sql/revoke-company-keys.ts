import { execute, type Queryable, sql } from '../../../server/src/regions/sql.ts';

/** Revokes all keys of a company. @returns the number of newly revoked keys */
export async function revokeCompanyKeys(client: Queryable, companyId: string): Promise<number> {
  return execute(
    client,
    sql`UPDATE api_keys SET revoked_at = now() WHERE company_id = ${companyId} AND revoked_at IS NULL`,
  );
}
