import { execute, type Queryable, sql } from '../../../regions/sql.ts';
import type { WaitCode } from '../export-wait.ts';
import { transition } from '../../../../../contract/export-state.ts';

const STEP = transition('running', 'pending');

interface OutageRequeue {
  readonly companyId: string;
  readonly jobId: string;
  readonly lease: number;
  readonly code: WaitCode;
  readonly delaySeconds: number;
  /** Time after the first outage of the job during which outages cost no attempt. */
  readonly patienceSeconds: number;
}

/**
 * Releases a running job after an outage: the attempt does not count, and the next one starts after a pause. False if
 * the lease is lost, a cancel was requested, or the time for outages is used up: from then on each failure costs an
 * attempt.
 */
export async function requeueAfterOutage(client: Queryable, park: OutageRequeue): Promise<boolean> {
  const parked = await execute(
    client,
    sql`
      UPDATE export_jobs
      SET status = ${STEP.to}, lease = lease + 1, lease_expires_at = NULL, attempt = attempt - 1,
          wait_code = ${park.code}, wait_detail = NULL, wait_since = least(retry_since, now()),
          retry_since = least(retry_since, now()), retries = retries + 1,
          next_try_at = now() + make_interval(secs => ${park.delaySeconds}), waiting_since = now(), woken_at = NULL
      WHERE company_id = ${park.companyId} AND job_id = ${park.jobId} AND status = ${STEP.from}
        AND lease = ${park.lease} AND cancel_requested_at IS NULL
        AND (retry_since IS NULL OR retry_since > now() - make_interval(secs => ${park.patienceSeconds}))`,
  );
  return parked === 1;
}
