import { execute, type Queryable, sql } from '../../../regions/sql.ts';

/** A pending job waits for a slot from now on. One that was woken in vain is still the oldest, so the next to wake. */
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
