import type pg from 'pg';
import type { PgBoss } from 'pg-boss';
import { EXPORT_QUEUE, type ExportQueueEntry } from '../../regions/queue.ts';

/**
 * Adds a job to the queue of the region in the open transaction of `client`, so that both are committed or neither.
 */
export async function enqueueExport(
  queue: PgBoss,
  client: pg.PoolClient,
  entry: ExportQueueEntry,
  delaySeconds = 0,
): Promise<void> {
  const db = { executeSql: (text: string, values?: unknown[]) => client.query(text, values) };
  const id = await queue.send(EXPORT_QUEUE, entry, {
    db,
    ...(delaySeconds > 0 ? { startAfter: delaySeconds } : {}),
  });
  if (id === null) throw new Error('the queue did not take the export');
}
