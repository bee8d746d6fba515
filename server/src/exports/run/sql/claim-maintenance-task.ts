import { type Queryable, query, sql } from '../../../regions/sql.ts';

/**
 * True if a task that one worker runs for the whole region is due and now claimed by this caller: it was last started
 * longer ago than this. No lock is held while it runs; if the worker dies, another worker runs the next round.
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
