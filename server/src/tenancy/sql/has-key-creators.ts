import { type Queryable, query, sql } from '../../regions/sql.ts';

/** Whether the region has the columns of migration 20261130105000_api_key_creator. Keys work without them. */
export async function hasKeyCreators(client: Queryable): Promise<boolean> {
  const rows = await query(
    client,
    sql<object>`
      SELECT FROM pg_attribute
      WHERE attrelid = 'public.api_keys'::regclass AND attname = 'created_by_type' AND NOT attisdropped`,
  );
  return rows.length === 1;
}
