import { type Queryable, query, sql } from '../../../regions/sql.ts';

/** Connections on which the columns were found. Columns are never removed, so a connection is checked only once. */
const found = new WeakSet<Queryable>();

/**
 * True if this region has migration 20261130103000_export_waits. Without it, transient failures cost attempts, and
 * there are no quota, minimum worker version or deletion of files.
 */
export async function hasExportWaits(client: Queryable): Promise<boolean> {
  if (found.has(client)) return true;
  const [region] = await query(
    client,
    sql<{ found: boolean }>`
      SELECT EXISTS (SELECT FROM pg_attribute
        WHERE attrelid = to_regclass('public.export_jobs') AND attname = 'artifact_deleted_at'
          AND NOT attisdropped) AS found`,
  );
  if (region?.found !== true) return false;
  found.add(client);
  return true;
}
