import { type Queryable, query, sql } from '../../../regions/sql.ts';

/**
 * Whether a task that one worker does for the whole region is due now, and this caller's to do: it was last begun
 * longer ago than this. No lock is held meanwhile; when the worker dies, the next round is somebody else's.
 */
export async function claimMaintenanceTask(
  client: Queryable,
  name: string,
  everySeconds: number,
): Promise<boolean> {
  const [region] = await query(
    client,
    sql<{ found: boolean }>`SELECT to_regclass('public.chores') IS NOT NULL AS found`,
  );
  if (region?.found !== true) return false;
  const rows = await query(
    client,
    sql<{ name: string }>`
      INSERT INTO chores AS c (name, begun_at) VALUES (${name}, now())
      ON CONFLICT (name) DO UPDATE SET begun_at = now()
        WHERE c.begun_at <= now() - make_interval(secs => ${everySeconds})
      RETURNING name`,
  );
  return rows.length === 1;
}
