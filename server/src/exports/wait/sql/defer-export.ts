import { execute, type Queryable, sql } from '../../../regions/sql.ts';
import type { WaitCode } from '../export-wait.ts';

interface PutOff {
  readonly companyId: string;
  readonly jobId: string;
  readonly code: WaitCode;
  readonly detail: string | null;
  readonly delaySeconds: number;
}

/**
 * Lets a pending job wait for something other than a slot. It has no queue entry and takes no slot until its next
 * attempt is due; then dispatchWaitingExports creates a queue entry. No attempt is counted.
 */
export async function deferExport(client: Queryable, wait: PutOff): Promise<boolean> {
  const updated = await execute(
    client,
    sql`
      UPDATE export_jobs
      SET wait_code = ${wait.code}, wait_detail = ${wait.detail}, wait_since = least(wait_since, now()),
          next_try_at = now() + make_interval(secs => ${wait.delaySeconds}), waiting_since = now(), woken_at = NULL
      WHERE company_id = ${wait.companyId} AND job_id = ${wait.jobId} AND status = 'pending'`,
  );
  return updated === 1;
}
