import { type Queryable, query, sql } from '../../../regions/sql.ts';
import { transition } from '../../../../../contract/export-state.ts';

const LOST = transition('running', 'pending').from;

/**
 * Locks the row of a running job whose worker stopped renewing its lease. False if the job is no longer lost, or if
 * another transaction holds the row: a settlement, or the recovery of another worker.
 */
export async function lockLostExport(
  client: Queryable,
  companyId: string,
  jobId: string,
  lease: number,
): Promise<boolean> {
  const locked = await query(
    client,
    sql<object>`
      SELECT FROM export_jobs
      WHERE company_id = ${companyId} AND job_id = ${jobId} AND status = ${LOST} AND lease = ${lease}
        AND lease_expires_at < now()
      FOR UPDATE SKIP LOCKED`,
  );
  return locked.length === 1;
}
