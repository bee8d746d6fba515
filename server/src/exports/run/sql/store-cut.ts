import type { Cut } from '../../../events/query/event-filter.ts';
import { execute, type Queryable, sql } from '../../../regions/sql.ts';

interface JobCut {
  readonly companyId: string;
  readonly jobId: string;
  readonly lease: number;
  readonly cut: Cut;
  readonly rowsExpected: number | null;
}

/** Stores the cut of a job once: every later attempt reads the same cut. */
export async function storeCut(client: Queryable, job: JobCut): Promise<boolean> {
  const updated = await execute(
    client,
    sql`
      UPDATE export_jobs
      SET cut = ${JSON.stringify(job.cut)}::jsonb, rows_expected = ${job.rowsExpected}::bigint,
          rows_expected_exact = ${job.rowsExpected !== null}
      WHERE company_id = ${job.companyId} AND job_id = ${job.jobId}
        AND status = 'running' AND lease = ${job.lease} AND cut IS NULL`,
  );
  return updated === 1;
}
