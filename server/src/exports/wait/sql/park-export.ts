import { execute, type Queryable, sql } from '../../../regions/sql.ts';

/**
 * Makes a pending job wait for a slot. A job that was dispatched without starting is still the oldest, so it is
 * dispatched next.
 */
export async function parkExport(
  client: Queryable,
  companyId: string,
  jobId: string,
): Promise<void> {
  await execute(
    client,
    sql`
      UPDATE export_jobs SET waiting_since = now(), woken_at = NULL
      WHERE company_id = ${companyId} AND job_id = ${jobId} AND status = 'pending'`,
  );
}
