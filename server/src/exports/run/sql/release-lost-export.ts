import { execute, type Queryable, sql } from '../../../regions/sql.ts';
import { transition } from '../../../../../contract/export-state.ts';

const STEP = transition('running', 'pending');

/**
 * Takes a job back from a worker that stopped renewing its lease; the try counts. Not one that is to be canceled:
 * pending it would stay so, because nobody may claim it.
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
