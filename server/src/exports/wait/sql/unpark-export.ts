import { execute, type Queryable, sql } from '../../../regions/sql.ts';

/** Records that a job has its slot: if it becomes pending again, it has a queue entry and does not wait. */
export async function unparkExport(
  client: Queryable,
  companyId: string,
  jobId: string,
): Promise<void> {
  await execute(
    client,
    sql`
      UPDATE export_jobs SET waiting_since = NULL, woken_at = NULL
      WHERE company_id = ${companyId} AND job_id = ${jobId} AND waiting_since IS NOT NULL`,
  );
}
