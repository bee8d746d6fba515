import { execute, type Queryable, sql } from '../../../regions/sql.ts';
import { transition } from '../../../../../contract/export-state.ts';

const STEP = transition('running', 'pending');

/**
 * Releases a job from a worker that stopped renewing its lease; the attempt counts. Not for a job with a cancel
 * request: it would stay pending, because no worker may claim it.
 */
export async function releaseLostExport(
  client: Queryable,
  companyId: string,
  jobId: string,
): Promise<boolean> {
  const released = await execute(
    client,
    sql`
      UPDATE export_jobs SET status = ${STEP.to}, lease = lease + 1, lease_expires_at = NULL
      WHERE company_id = ${companyId} AND job_id = ${jobId} AND status = ${STEP.from} AND lease_expires_at < now()
        AND cancel_requested_at IS NULL`,
  );
  return released === 1;
}
