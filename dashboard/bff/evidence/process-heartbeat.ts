import type { Queryable } from '../database.ts';

/** Records that this process is alive; when the heartbeats stop, other processes settle its open intents. */
export async function recordHeartbeat(db: Queryable, processId: string): Promise<void> {
  await db.query(
    `INSERT INTO dashboard_processes (process_id, seen_at) VALUES ($1, clock_timestamp())
     ON CONFLICT (process_id) DO UPDATE SET seen_at = clock_timestamp()`,
    [processId],
  );
}

/** Removes a process that ended cleanly, and entries of processes that died more than a day ago. */
export async function endProcess(db: Queryable, processId: string): Promise<void> {
  await db.query(
    `DELETE FROM dashboard_processes WHERE process_id = $1 OR seen_at < now() - interval '1 day'`,
    [processId],
  );
}
