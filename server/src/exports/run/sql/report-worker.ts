import { execute, type Queryable, sql } from '../../../regions/sql.ts';
import { hasExportWaits } from '../../wait/sql/has-export-waits.ts';

/** Records that this worker is alive and its version; rows of killed workers are removed after a day. */
export async function reportWorker(
  client: Queryable,
  workerId: string,
  version: number,
): Promise<void> {
  const report = (await hasExportWaits(client))
    ? sql`
      INSERT INTO workers (worker_id, version) VALUES (${workerId}, ${version})
      ON CONFLICT (worker_id) DO UPDATE SET seen_at = now(), version = ${version}`
    : sql`
      INSERT INTO workers (worker_id) VALUES (${workerId})
      ON CONFLICT (worker_id) DO UPDATE SET seen_at = now()`;
  await execute(client, report);
  await execute(client, sql`DELETE FROM workers WHERE seen_at < now() - interval '1 day'`);
}

/** Records that this worker stops, so that it no longer counts as alive for the rest of its heartbeat. */
export async function withdrawWorker(client: Queryable, workerId: string): Promise<void> {
  await execute(client, sql`DELETE FROM workers WHERE worker_id = ${workerId}`);
}
