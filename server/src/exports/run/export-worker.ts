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
  /** Takes no more jobs, hands the running ones back at once and resolves when nothing runs any more. */
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
      // First no new jobs, then hand back: else this worker would take up again what it just handed back.
      const drained = queue.offWork(EXPORT_QUEUE);
      stopping.abort(new Error('the worker is stopping'));
      await Promise.all([drained, ...tasks]);
      await queue.stop({ graceful: true, timeout: 20_000 });
      // Its row runs out by itself when the database is away now.
      await withdrawWorker(pool, workerId).catch(onError('withdrawing'));
    },
  };
}

/** Attempts that an outage of the database stopped are settled this long after it, at no cost. */
const SETTLE_FIRST_MS = 6_000;

/**
 * Recovery that leaves jobs alone right after the database was away: no worker could renew its lease then, and those
 * that are alive hand their jobs back without spending an attempt.
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

/** One job at a time from the queue, for as long as the queue's work is on. */
async function takeJobs(deps: ExportDeps, stopping: AbortSignal): Promise<void> {
  const { queue } = deps;
  let place: string | undefined;
  place = await queue.work<ExportQueueEntry>(
    EXPORT_QUEUE,
    { pollingIntervalSeconds: 1, notifyPollingIntervalSeconds: 1, heartbeatRefreshSeconds: 2 },
    async (jobs) => {
      for (const { data } of jobs) await runAndWake(deps, data, stopping);
      // Else it would sleep out its second after each short job, however many are there.
      if (place !== undefined) queue.notifyWorker(place);
    },
  );
}

/** Whatever came of the entry, the place it took in its company's slots may be free now. */
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
