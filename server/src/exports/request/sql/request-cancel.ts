import { execute, type Queryable, sql } from '../../../regions/sql.ts';

/** Requests that the worker of a running job stops; it notices within a second. */
export async function requestCancel(
  client: Queryable,
  companyId: string,
  jobId: string,
): Promise<boolean> {
  const updated = await execute(
    client,
    sql`
      UPDATE export_jobs SET cancel_requested_at = coalesce(cancel_requested_at, now())
      WHERE company_id = ${companyId} AND job_id = ${jobId} AND status = 'running'`,
  );
  return updated === 1;
}
