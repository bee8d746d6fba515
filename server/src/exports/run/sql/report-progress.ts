import { type Queryable, query, sql } from '../../../regions/sql.ts';
import type { WaitCode } from '../../wait/export-wait.ts';
import { LEASE_SECONDS } from './claim-export.ts';
import { hasExportWaits } from '../../wait/sql/has-export-waits.ts';

interface Progress {
  readonly companyId: string;
  readonly jobId: string;
  readonly lease: number;
  readonly rowsExported: number;
  /** Bytes sent to the store. */
  readonly bytesWritten: number;
  /** Time for which the store has taken no data; undefined while it takes data. */
  readonly storeStalledMs: number | undefined;
}

const STALLED: WaitCode = 'STORE_NOT_ANSWERING';

/**
 * Stores the progress of an attempt and renews its lease. @returns `lost` if the attempt no longer holds the job,
 * `cancel` if a cancel was requested
 */
export async function reportProgress(
  client: Queryable,
  progress: Progress,
): Promise<'go on' | 'cancel' | 'lost'> {
  const [row] = await query(
    client,
    sql<{ cancel: boolean }>`
      UPDATE export_jobs
      SET rows_exported = ${progress.rowsExported}, lease_expires_at = now() + make_interval(secs => ${LEASE_SECONDS})
        ${(await hasExportWaits(client)) ? details(progress) : sql``}
      WHERE company_id = ${progress.companyId} AND job_id = ${progress.jobId}
        AND status = 'running' AND lease = ${progress.lease}
      RETURNING cancel_requested_at IS NOT NULL AS cancel`,
  );
  if (row === undefined) return 'lost';
  return row.cancel ? 'cancel' : 'go on';
}

function details({ bytesWritten, storeStalledMs }: Progress) {
  const written = sql`, bytes_written = ${bytesWritten}`;
  if (storeStalledMs === undefined) return sql`${written}, wait_code = NULL, wait_since = NULL`;
  const stalled = sql`now() - make_interval(secs => ${storeStalledMs / 1000})`;
  return sql`${written}, wait_code = ${STALLED}, wait_since = least(wait_since, ${stalled})`;
}
