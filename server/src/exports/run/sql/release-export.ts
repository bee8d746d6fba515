import { execute, type Queryable, sql } from '../../../regions/sql.ts';
import { transition } from '../../../../../contract/export-state.ts';

const STEP = transition('running', 'pending');

interface ReleaseOptions {
  readonly companyId: string;
  readonly jobId: string;
  readonly lease: number;
  /** True if the worker stops gracefully, so that the attempt does not count. */
  readonly refundAttempt: boolean;
}

/** Releases a running job. Its lease is incremented, so the previous holder can no longer finish the job. */
export async function releaseExport(client: Queryable, options: ReleaseOptions): Promise<boolean> {
  const { companyId, jobId, lease, refundAttempt } = options;
  const released = await execute(
    client,
    sql`
      UPDATE export_jobs
      SET status = ${STEP.to}, lease = lease + 1, lease_expires_at = NULL,
          attempt = attempt - ${refundAttempt ? 1 : 0}
      WHERE company_id = ${companyId} AND job_id = ${jobId} AND status = ${STEP.from} AND lease = ${lease}`,
  );
  return released === 1;
}
