import { type Queryable, query, sql } from '../../regions/sql.ts';
import { LEASE_SECONDS } from './claim-export.ts';

interface Progress {
  readonly companyId: string;
  readonly jobId: string;
  readonly lease: number;
  readonly rowsExported: number;
}

/**
 * Shows how far an attempt is and renews its lease.
 * @returns `lost` when the job is no longer this attempt's, `cancel` when somebody asked to stop it
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
      WHERE company_id = ${progress.companyId} AND job_id = ${progress.jobId}
        AND status = 'running' AND lease = ${progress.lease}
      RETURNING cancel_requested_at IS NOT NULL AS cancel`,
  );
  if (row === undefined) return 'lost';
  return row.cancel ? 'cancel' : 'go on';
}
