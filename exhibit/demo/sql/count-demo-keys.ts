import { type Queryable, query, sql } from '../../../server/src/regions/sql.ts';

/** Prefix of the names of all keys in `demo.json`. */
export const DEMO_KEY_PREFIX = 'Demo, ';

/** Counts the active keys of a demo company that the demo created. */
export async function countDemoKeys(client: Queryable, companyId: string): Promise<number> {
  const [row] = await query(
    client,
    sql<{ count: number }>`
      SELECT count(*) AS count FROM api_keys
      WHERE company_id = ${companyId} AND starts_with(name, ${DEMO_KEY_PREFIX}) AND revoked_at IS NULL
        AND (expires_at IS NULL OR expires_at > now())`,
  );
  return row?.count ?? 0;
}
