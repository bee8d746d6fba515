import { type Queryable, query, sql } from '../../../regions/sql.ts';
import type { ExportJob } from '../../export-job.ts';
import { transition } from '../../../../../contract/export-state.ts';
import { WORKER_VERSION } from '../worker-version.ts';
import { exportJobColumns } from './export-job-columns.ts';
import { hasExportWaits } from '../../wait/sql/has-export-waits.ts';

/** Maximum number of attempts of one job. */
export const MAX_ATTEMPTS = 3;

/**
 * Time a worker holds a job without renewing the lease. It is renewed every second with the progress. It is shorter
 * than the queue's heartbeat (10 s), so that the lease has expired when the queue redelivers the job.
 */
export const LEASE_SECONDS = 8;

const STEP = transition('pending', 'running');

/**
 * Claims a pending job: counts an attempt and sets a new lease. `lease` is the fencing token: every later write of
 * this attempt is conditional on it, and the key of the artifact contains it. @returns undefined if the job is not
 * pending, has a cancel request, has no attempt left or needs a newer worker
 */
export async function claimExport(
  client: Queryable,
  companyId: string,
  jobId: string,
  workerVersion: number = WORKER_VERSION,
): Promise<ExportJob | undefined> {
  const columns = await exportJobColumns(client);
  const waits = await hasExportWaits(client);
  const cleared = sql`, wait_code = NULL, wait_detail = NULL, wait_since = NULL, next_try_at = NULL, bytes_written = 0`;
  const [job] = await query(
    client,
    sql<ExportJob>`
      UPDATE export_jobs
      SET status = ${STEP.to}, attempt = attempt + 1, lease = lease + 1,
          lease_expires_at = now() + make_interval(secs => ${LEASE_SECONDS}),
          started_at = coalesce(started_at, now()), rows_exported = 0, truncated = false${waits ? cleared : sql``}
      WHERE company_id = ${companyId} AND job_id = ${jobId} AND status = ${STEP.from}
        AND cancel_requested_at IS NULL AND attempt < ${MAX_ATTEMPTS}
        ${waits ? sql`AND min_worker_version <= ${workerVersion}` : sql``}
      RETURNING ${columns}`,
  );
  return job;
}
