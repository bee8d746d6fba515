import { execute, type Queryable, sql } from '../../../regions/sql.ts';
import { transition } from '../../../../../contract/export-state.ts';

const STEP = transition('running', 'canceled');

/** Cancels a running job after its query has stopped and its objects are deleted. */
export async function cancelRunningExport(
  client: Queryable,
  companyId: string,
  jobId: string,
  lease: number,
): Promise<boolean> {
  const updated = await execute(
    client,
    sql`
      UPDATE export_jobs SET status = ${STEP.to}, lease_expires_at = NULL, finished_at = now()
      WHERE company_id = ${companyId} AND job_id = ${jobId} AND status = ${STEP.from} AND lease = ${lease}
        AND cancel_requested_at IS NOT NULL`,
  );
  return updated === 1;
}
