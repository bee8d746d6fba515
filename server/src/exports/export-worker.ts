import { randomUUID } from 'node:crypto';
import { foldRollup } from '../events/fold-rollup.ts';
import { EXPORT_QUEUE, type ExportQueueEntry } from '../regions/queue.ts';
import type { ExportDeps } from './export-deps.ts';
import { recoverExports } from './recover-exports.ts';
import { repeat } from './repeat.ts';
import { reportWorker, withdrawWorker } from './sql/report-worker.ts';
import { runExport } from './run-export.ts';

const RECOVER_EVERY_MS = 5_000;
const FOLD_EVERY_MS = 2_000;
const REPORT_EVERY_MS = 2_000;

export interface ExportWorker {
  /** Takes no more jobs, hands the running ones back at once and resolves when nothing runs any more. */
  stop(): Promise<void>;
}

/** Runs the exports of one region: the queue's jobs, the recovery of lost ones, the folding of the rollup. */
export async function startExportWorker(deps: ExportDeps): Promise<ExportWorker> {
  const { queue, log, pool, settings } = deps;
  const stopping = new AbortController();
  const workerId = randomUUID();
  queue.on('error', (error) => log.warn({ err: error }, 'queue error'));
  await queue.start();
  const { concurrency } = settings;
  await queue.work<ExportQueueEntry>(
    EXPORT_QUEUE,
    {
      localConcurrency: concurrency,
      pollingIntervalSeconds: 1,
      notifyPollingIntervalSeconds: 1,
      heartbeatRefreshSeconds: 2,
    },
    async (jobs) => {
      for (const { data } of jobs) await runExport(deps, data, stopping.signal);
    },
  );
  const onError = (name: string) => (error: unknown) =>
    log.warn({ err: error }, `${name} failed, will be tried again`);
  const tasks = [
    repeat(() => recoverExports(deps), {
      everyMs: RECOVER_EVERY_MS,
      signal: stopping.signal,
      onError: onError('recovery'),
    }),
    repeat(() => foldRollup(pool, stopping.signal), {
      everyMs: FOLD_EVERY_MS,
      signal: stopping.signal,
      onError: onError('folding'),
    }),
    repeat(() => reportWorker(pool, workerId), {
      everyMs: REPORT_EVERY_MS,
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
