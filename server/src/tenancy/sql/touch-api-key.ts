import { execute, type Queryable, sql } from '../../regions/sql.ts';

/** Records the use of a key at most once a minute, because an update per request would make the row a bottleneck. */
export async function touchApiKey(
  client: Queryable,
  companyId: string,
  keyId: string,
): Promise<void> {
  await execute(
    client,
    sql`
      UPDATE api_keys SET last_used_at = now()
      WHERE company_id = ${companyId} AND key_id = ${keyId}
        AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')`,
  );
}
