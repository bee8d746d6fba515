import { randomUUID } from 'node:crypto';
import { foldRollup } from '../../events/rollup/fold-rollup.ts';
import { isConnectionError } from '../../regions/connection-error.ts';
import { EXPORT_QUEUE, type ExportQueueEntry } from '../../regions/queue.ts';
import type { ExportDeps } from '../export-deps.ts';
import { recoverExports } from './recover-exports.ts';
import { repeat } from './repeat.ts';
import { reportWorker, withdrawWorker } from './sql/report-worker.ts';
import { runExport } from './run-export.ts';
import { purgeRegion } from '../artifact/purge-region.ts';
import { sweepRegion } from '../artifact/sweep-region.ts';
import { dispatchWaitingExports } from '../wait/dispatch-waiting-exports.ts';
import { WORKER_VERSION } from './worker-version.ts';

const RECOVER_INTERVAL_MS = 5_000;
const FOLD_INTERVAL_MS = 2_000;
const REPORT_INTERVAL_MS = 2_000;
const SWEEP_CHECK_INTERVAL_MS = 60_000;

export interface ExportWorker {
  /** Takes no more jobs, releases the running ones immediately and resolves once nothing runs. */
  stop(): Promise<void>;
}

/** Runs the exports of one region: the queue's jobs, the recovery of lost ones, the folding of the rollup, the sweeping of the store. */
export async function startExportWorker(deps: ExportDeps): Promise<ExportWorker> {
  const { queue, log, pool, settings } = deps;
  const stopping = new AbortController();
  const workerId = randomUUID();
  queue.on('error', (error) => log.warn({ err: error }, 'queue error'));
  await queue.start();
  for (let place = 0; place < settings.concurrency; place++) await takeJobs(deps, stopping.signal);
  const onError = (name: string) => (error: unknown) =>
    log.warn({ err: error }, `${name} failed, will be tried again`);
  const tasks = [
    repeat(recoverWhenSettled(deps), {
      everyMs: RECOVER_INTERVAL_MS,
      signal: stopping.signal,
      onError: onError('recovery'),
    }),
    repeat(() => foldRollup(pool, stopping.signal), {
      everyMs: FOLD_INTERVAL_MS,
      signal: stopping.signal,
      onError: onError('folding'),
    }),
    repeat(() => sweepRegion(deps, stopping.signal), {
      everyMs: SWEEP_CHECK_INTERVAL_MS,
      jitter: true,
      signal: stopping.signal,
      onError: onError('sweeping'),
    }),
    repeat(() => purgeRegion(deps, stopping.signal), {
      everyMs: SWEEP_CHECK_INTERVAL_MS,
      jitter: true,
      signal: stopping.signal,
      onError: onError('purging'),
    }),
    repeat(() => reportWorker(pool, workerId, settings.workerVersion ?? WORKER_VERSION), {
      everyMs: REPORT_INTERVAL_MS,
      signal: stopping.signal,
      onError: onError('reporting'),
    }),
  ];
  return {
    stop: async () => {
      // Stops taking jobs before releasing them; otherwise this worker would claim the released jobs again.
      const drained = queue.offWork(EXPORT_QUEUE);
      stopping.abort(new Error('the worker is stopping'));
      await Promise.all([drained, ...tasks]);
      await queue.stop({ graceful: true, timeout: 20_000 });
      // If the database is unavailable, the row expires on its own.
      await withdrawWorker(pool, workerId).catch(onError('withdrawing'));
    },
  };
}

/** Time within which attempts stopped by a database outage are settled after it, without counting an attempt. */
const SETTLE_FIRST_MS = 6_000;

/**
 * Recovery skips jobs right after a database outage: no worker could renew its lease during it, and live workers
 * release their jobs without counting an attempt.
 */
function recoverWhenSettled(deps: ExportDeps): () => Promise<void> {
  let awayAt = Number.NEGATIVE_INFINITY;
  return async () => {
    if (performance.now() - awayAt < SETTLE_FIRST_MS) return;
    try {
      await recoverExports(deps);
    } catch (error) {
      if (isConnectionError(error)) awayAt = performance.now();
      throw error;
    }
  };
}

/** Takes one job at a time from the queue while the worker runs. */
async function takeJobs(deps: ExportDeps, stopping: AbortSignal): Promise<void> {
  const { queue } = deps;
  let place: string | undefined;
  place = await queue.work<ExportQueueEntry>(
    EXPORT_QUEUE,
    { pollingIntervalSeconds: 1, notifyPollingIntervalSeconds: 1, heartbeatRefreshSeconds: 2 },
    async (jobs) => {
      for (const { data } of jobs) await runAndWake(deps, data, stopping);
      // Otherwise it would wait a second after each short job even if more are queued.
      if (place !== undefined) queue.notifyWorker(place);
    },
  );
}

/** After any outcome of the entry, a slot of its company may be free now. */
async function runAndWake(
  deps: ExportDeps,
  entry: ExportQueueEntry,
  stopping: AbortSignal,
): Promise<void> {
  try {
    await runExport(deps, entry, stopping);
  } finally {
    await dispatchWaitingExports(deps, entry.companyId);
  }
}
