import { execute, type Queryable, sql } from '../../regions/sql.ts';

export async function revokeApiKey(
  client: Queryable,
  companyId: string,
  keyId: string,
): Promise<boolean> {
  const revoked = await execute(
    client,
    sql`
      UPDATE api_keys SET revoked_at = now()
      WHERE company_id = ${companyId} AND key_id::text = ${keyId.toLowerCase()} AND revoked_at IS NULL`,
  );
  return revoked === 1;
}
