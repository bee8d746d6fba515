import { setTimeout as wait } from 'node:timers/promises';
import type pg from 'pg';
import { isConnectionError } from '../../regions/connection-error.ts';
import { inCompany } from '../../regions/transaction.ts';
import { artifactKey } from '../artifact/artifact-key.ts';
import type { Attempt } from './attempt.ts';
import { enqueueExport } from '../request/enqueue-export.ts';
import type { ExportDeps } from '../export-deps.ts';
import { EXPORT_FAILURES, failureCodeOf, waitCodeOf } from '../export-failure.ts';
import { retryDelaySeconds, type WaitCode } from '../wait/export-wait.ts';
import { cancelRunningExport } from './sql/cancel-running-export.ts';
import { MAX_ATTEMPTS } from './sql/claim-export.ts';
import { failExport } from './sql/fail-export.ts';
import { hasExportWaits } from '../wait/sql/has-export-waits.ts';
import { isPublished } from '../artifact/sql/is-published.ts';
import { requeueAfterOutage } from '../wait/sql/requeue-after-outage.ts';
import { releaseExport } from './sql/release-export.ts';
import { setUnfinishedParts } from '../artifact/sql/set-unfinished-parts.ts';

/** Delay before the next attempt after a transient failure, by number of attempts. */
const RETRY_DELAY_SECONDS = [0, 1, 5];

/** Timeout for the artifact store while the row of a job is locked. */
export const STORE_TIMEOUT_MS = 10_000;

type Settlement =
  | 'published'
  | 'canceled'
  | 'handed back'
  | 'to be tried again'
  | 'waiting for an outage to end'
  | 'failed'
  | 'given up';

/** Time during which the settlement itself is retried while the database is unavailable. */
const SETTLE_PATIENCE_MS = 120_000;
const SETTLE_PAUSE_MS = 500;

/** Default of ExportDeps.settings.retrySeconds. */
const RETRY_SECONDS = 3_600;

/**
 * Settles an attempt, also during a database outage: the job is then released without counting the attempt as soon as
 * the database responds. Otherwise its recovery would count an attempt.
 */
export async function settleWhenPossible(
  deps: ExportDeps,
  attempt: Attempt,
  error: unknown,
  stopping: AbortSignal,
): Promise<void> {
  const deadline = performance.now() + SETTLE_PATIENCE_MS;
  for (;;) {
    try {
      return await settleAttempt(deps, attempt, error);
    } catch (failure) {
      if (!isConnectionError(failure) || stopping.aborted || performance.now() > deadline)
        throw failure;
    }
    await wait(SETTLE_PAUSE_MS, undefined, { signal: stopping }).catch(() => undefined);
  }
}

/**
 * Ends a failed attempt: deletes its objects and changes the status of the job in one transaction that locks the job
 * row. A file is therefore never deleted after it was published, and `canceled` is not visible before the file is
 * deleted. Every transition is conditional on the lease of the attempt: if that is lost, the job belongs to another
 * worker, and only the file is deleted.
 */
async function settleAttempt(deps: ExportDeps, attempt: Attempt, error: unknown): Promise<void> {
  const { companyId, jobId, lease } = attempt.job;
  const settlement = await inCompany(deps.pool, companyId, (client) =>
    settle(deps, client, attempt, error),
  );
  await noteLeftover(deps, attempt, settlement);
  const known = attempt.stopReason === undefined ? { err: error } : { reason: attempt.stopReason };
  deps.log.warn({ jobId, lease, ...known }, `export attempt ${settlement}`);
}

/** A job whose parts the store refused to remove must not be reported with "Nothing was kept". */
async function noteLeftover(
  { store, pool, log }: ExportDeps,
  { job }: Attempt,
  settlement: Settlement,
): Promise<void> {
  const { companyId, jobId } = job;
  const left = store.takeLeftover?.(artifactKey(job));
  if (left === undefined) return;
  log.error({ jobId, err: left }, 'unfinished parts of an export remain until the sweep');
  if (settlement !== 'canceled' && settlement !== 'failed') return;
  await inCompany(pool, companyId, (client) =>
    setUnfinishedParts(client, { companyId, jobId, remain: true }),
  );
}

async function settle(
  deps: ExportDeps,
  client: pg.PoolClient,
  attempt: Attempt,
  error: unknown,
): Promise<Settlement> {
  const { companyId, jobId, lease, attempt: made } = attempt.job;
  const key = artifactKey(attempt.job);
  if (await isPublished(client, companyId, jobId, key)) return 'published';
  const removal = await Promise.allSettled([
    deps.store.delete(key, { signal: AbortSignal.timeout(STORE_TIMEOUT_MS) }),
  ]);
  if (await cancelRunningExport(client, companyId, jobId, lease)) {
    // Canceled means that nothing is kept: while the store cannot delete the file, the job keeps its status.
    if (removal[0].status === 'rejected') throw removal[0].reason;
    return 'canceled';
  }
  if (attempt.stopReason === 'stopping') {
    return (await handBack(deps, client, attempt, { refundAttempt: true, delaySeconds: 0 }))
      ? 'handed back'
      : 'given up';
  }
  const outage = outageOf(attempt, error);
  if (outage !== undefined && (await park(deps, client, attempt, outage)))
    return 'waiting for an outage to end';
  if (attempt.stopReason === 'lost' || attempt.stopReason === 'cancel') return 'given up';
  const failureCode = failureCodeOf(error);
  if (EXPORT_FAILURES[failureCode].transient && made < MAX_ATTEMPTS) {
    const delaySeconds = RETRY_DELAY_SECONDS[made] ?? 5;
    return (await handBack(deps, client, attempt, { refundAttempt: false, delaySeconds }))
      ? 'to be tried again'
      : 'given up';
  }
  return (await failExport(client, { companyId, jobId, lease, failureCode }))
    ? 'failed'
    : 'given up';
}

/** Wait code of the job, if an outage stopped it. */
function outageOf({ stopReason }: Attempt, error: unknown): WaitCode | undefined {
  if (stopReason === 'database unreachable') return 'DATABASE_UNAVAILABLE';
  if (stopReason === 'disk low') return 'DISK_LOW';
  return stopReason === undefined ? waitCodeOf(error) : undefined;
}

/** False once the job has waited for outages for the maximum time: from then on each failure costs an attempt. */
async function park(
  { settings }: ExportDeps,
  client: pg.PoolClient,
  { job: { companyId, jobId, lease, retries } }: Attempt,
  code: WaitCode,
): Promise<boolean> {
  if (!(await hasExportWaits(client))) return false;
  const patienceSeconds = settings.retrySeconds ?? RETRY_SECONDS;
  const delaySeconds = retryDelaySeconds(retries);
  return requeueAfterOutage(client, {
    companyId,
    jobId,
    lease,
    code,
    delaySeconds,
    patienceSeconds,
  });
}

async function handBack(
  { queue }: ExportDeps,
  client: pg.PoolClient,
  { job: { companyId, jobId, lease } }: Attempt,
  { refundAttempt, delaySeconds }: { refundAttempt: boolean; delaySeconds: number },
): Promise<boolean> {
  if (!(await releaseExport(client, { companyId, jobId, lease, refundAttempt }))) return false;
  await enqueueExport(queue, client, { companyId, jobId }, delaySeconds);
  return true;
}
