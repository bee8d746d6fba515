import { execute, type Queryable, sql } from '../../../regions/sql.ts';
import { transition } from '../../../../../contract/export-state.ts';

const LOST = transition('running', 'pending').from;

/** Increments the lease of a lost job, so that its worker can no longer publish. */
export async function fenceLostExport(
  client: Queryable,
  companyId: string,
  jobId: string,
  lease: number,
): Promise<boolean> {
  const fenced = await execute(
    client,
    sql`
      UPDATE export_jobs SET lease = lease + 1
      WHERE company_id = ${companyId} AND job_id = ${jobId} AND status = ${LOST} AND lease = ${lease}
        AND lease_expires_at < now()`,
  );
  return fenced === 1;
}
