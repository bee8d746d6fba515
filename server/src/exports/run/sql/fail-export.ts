import { execute, type Queryable, sql } from '../../../regions/sql.ts';
import type { FailureCode } from '../../export-failure.ts';
import { transition } from '../../../../../contract/export-state.ts';

const STEP = transition('running', 'failed');

interface FailedExport {
  readonly companyId: string;
  readonly jobId: string;
  readonly lease: number;
  readonly failureCode: FailureCode;
}

/** Marks a job as failed, unless the attempt has lost its lease or a cancel was requested. */
export async function failExport(client: Queryable, failed: FailedExport): Promise<boolean> {
  const updated = await execute(
    client,
    sql`
      UPDATE export_jobs
      SET status = ${STEP.to}, lease_expires_at = NULL, finished_at = now(), failure_code = ${failed.failureCode}
      WHERE company_id = ${failed.companyId} AND job_id = ${failed.jobId}
        AND status = ${STEP.from} AND lease = ${failed.lease} AND cancel_requested_at IS NULL`,
  );
  return updated === 1;
}
