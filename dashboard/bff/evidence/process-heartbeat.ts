import type { Queryable } from '../database.ts';

/** Says that this process lives; others settle what it left when it no longer does. */
export async function recordHeartbeat(db: Queryable, processId: string): Promise<void> {
  await db.query(
    `INSERT INTO dashboard_processes (process_id, seen_at) VALUES ($1, clock_timestamp())
     ON CONFLICT (process_id) DO UPDATE SET seen_at = clock_timestamp()`,
    [processId],
  );
}

/** A process that ends in order leaves nothing open; long dead ones are forgotten on the way. */
export async function endProcess(db: Queryable, processId: string): Promise<void> {
  await db.query(
    `DELETE FROM dashboard_processes WHERE process_id = $1 OR seen_at < now() - interval '1 day'`,
    [processId],
  );
}
