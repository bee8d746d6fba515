import { execute, type Queryable, sql } from '../../../regions/sql.ts';
import { transition } from '../../../../../contract/export-state.ts';

const STEP = transition('pending', 'canceled');

/** Cancels a job that no worker has claimed, so there is nothing to stop or remove. */
export async function cancelPendingExport(
  client: Queryable,
  companyId: string,
  jobId: string,
): Promise<boolean> {
  const updated = await execute(
    client,
    sql`
      UPDATE export_jobs
      SET status = ${STEP.to}, finished_at = now(), cancel_requested_at = coalesce(cancel_requested_at, now())
      WHERE company_id = ${companyId} AND job_id = ${jobId} AND status = ${STEP.from}`,
  );
  return updated === 1;
}
