import { inCompany } from '../../regions/transaction.ts';
import { artifactPrefix } from '../artifact/artifact-key.ts';
import { enqueueExport } from '../request/enqueue-export.ts';
import type { ExportDeps } from '../export-deps.ts';
import type { ExportJob } from '../export-job.ts';
import { STORE_TIMEOUT_MS } from './settle-attempt.ts';
import { cancelPendingExport } from '../request/sql/cancel-pending-export.ts';
import { cancelRunningExport } from './sql/cancel-running-export.ts';
import { MAX_ATTEMPTS } from './sql/claim-export.ts';
import { failExport } from './sql/fail-export.ts';
import { fenceLostExport } from './sql/fence-lost-export.ts';
import { findExport } from '../request/sql/find-export.ts';
import { findStartableCompanies } from './sql/find-startable-companies.ts';
import { findStrandedExports } from './sql/find-stranded-exports.ts';
import { clampFutureTimestamps } from './sql/clamp-future-timestamps.ts';
import { isEnqueued } from '../request/sql/is-enqueued.ts';
import { lockLostExport } from './sql/lock-lost-export.ts';
import { releaseLostExport } from './sql/release-lost-export.ts';
import { dispatchWaitingExports } from '../wait/dispatch-waiting-exports.ts';

/**
 * Recovers abandoned jobs (guarantee 4): jobs whose worker died, and pending jobs whose queue entry is lost. The
 * queue also redelivers the entries of a dead worker, but recovery does not rely on that. It also ends jobs with a
 * cancel request or without attempts left, and dispatches waiting jobs that were missed.
 *
 * A job that cannot be recovered now is logged and found again later. Jobs that need the artifact store come last,
 * because the store may be unresponsive.
 */
export async function recoverExports(deps: ExportDeps): Promise<void> {
  const { pool, settings, log } = deps;
  const eachAlone = async (
    jobs: readonly ExportJob[],
    recover: (deps: ExportDeps, job: ExportJob) => Promise<void>,
  ) => {
    for (const job of jobs) {
      await recover(deps, job).catch((error: unknown) => {
        log.warn({ err: error, jobId: job.jobId }, 'stranded export not recovered yet');
      });
    }
  };
  const ahead = await clampFutureTimestamps(pool);
  if (ahead > 0) log.warn({ ahead }, 'database clock moved backwards; future timestamps clamped');
  const stranded = await readStranded(deps);
  await eachAlone(
    stranded.filter((job) => !hasNoAttemptsLeft(job)),
    requeue,
  );
  for (const companyId of await findStartableCompanies(pool, settings.maxRunningPerCompany)) {
    await dispatchWaitingExports(deps, companyId);
  }
  await eachAlone(stranded.filter(hasNoAttemptsLeft), end);
}

async function readStranded({ pool }: ExportDeps): Promise<ExportJob[]> {
  const jobs: ExportJob[] = [];
  for (const { companyId, jobId, lease } of await findStrandedExports(pool)) {
    const job = await inCompany(pool, companyId, (client) => findExport(client, companyId, jobId));
    if (job?.lease === lease) jobs.push(job);
  }
  return jobs;
}

/** Running, lost, and not to be retried. */
function hasNoAttemptsLeft(job: ExportJob): boolean {
  const over = job.cancelRequestedAt !== null || job.attempt >= MAX_ATTEMPTS;
  return job.status === 'running' && over;
}

async function end({ pool, store, log }: ExportDeps, job: ExportJob): Promise<void> {
  const { companyId, jobId } = job;
  // Committed before a file is deleted: otherwise a worker assumed dead could publish it if this connection breaks.
  const fenced = await inCompany(
    pool,
    companyId,
    async (client) =>
      (await lockLostExport(client, companyId, jobId, job.lease)) &&
      (await fenceLostExport(client, companyId, jobId, job.lease)),
  );
  if (!fenced) return;
  const lease = job.lease + 1;
  const ended = await inCompany(pool, companyId, async (client) => {
    if (!(await lockLostExport(client, companyId, jobId, lease))) return false;
    const moved =
      (await cancelRunningExport(client, companyId, jobId, lease)) ||
      (await failExport(client, { companyId, jobId, lease, failureCode: 'WORKER_LOST' }));
    if (moved)
      await store.deletePrefix(artifactPrefix(job), {
        signal: AbortSignal.timeout(STORE_TIMEOUT_MS),
      });
    return moved;
  });
  if (ended) log.warn({ jobId, lease: job.lease }, 'export of a lost worker ended');
}

async function requeue({ pool, queue, log }: ExportDeps, job: ExportJob): Promise<void> {
  const { companyId, jobId, lease, status } = job;
  await inCompany(pool, companyId, async (client) => {
    // A cancel was requested between the loss of the worker and the recovery, so no worker may claim the job.
    if (job.cancelRequestedAt !== null && (await cancelPendingExport(client, companyId, jobId)))
      return;
    const released =
      status === 'running' &&
      (await lockLostExport(client, companyId, jobId, lease)) &&
      (await releaseLostExport(client, companyId, jobId));
    if (!released && (status === 'running' || (await isEnqueued(client, jobId)))) return;
    await enqueueExport(queue, client, { companyId, jobId });
    log.warn({ jobId, lease, status }, 'stranded export put back into the queue');
  });
}
