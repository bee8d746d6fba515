import type { Config } from '../../server/src/config.ts';
import { openWorkerDeps } from '../../server/src/deps.ts';
import type { ExportDeps } from '../../server/src/exports/export-deps.ts';
import {
  type ExportWorker,
  startExportWorker,
} from '../../server/src/exports/run/export-worker.ts';
import { reportArtifactStore } from '../../server/src/storage/report-artifact-store.ts';
import { requireDatabases } from './databases.ts';
import { waitForShutdownSignal } from './wait-for-shutdown-signal.ts';

const REGION_RETRY_MS = 5_000;

/** `exhibit worker`: runs the export jobs of all regions and keeps retrying regions that are down. */
export async function runWorker(config: Config): Promise<void> {
  const { regions } = await requireDatabases(config);
  const deps = openWorkerDeps(config, regions);
  const stopping = new AbortController();
  for (const { log, region, store } of deps) void reportArtifactStore(log, region, store);
  const workers = deps.map((region) => startWhenUp(region, stopping.signal));
  process.send?.({ ready: 'worker' });
  const reason = await waitForShutdownSignal();
  deps[0]?.log.info({ reason }, 'worker is stopping');
  stopping.abort();
  // Stop all regions in parallel, so that an unresponsive one does not use up the time the others need to release jobs.
  const stopped = await Promise.allSettled(
    workers.map(async (worker, index) => {
      await (await worker)?.stop();
      await deps[index]?.pool.end();
    }),
  );
  for (const end of stopped) if (end.status === 'rejected') throw end.reason;
}

async function startWhenUp(
  deps: ExportDeps,
  signal: AbortSignal,
): Promise<ExportWorker | undefined> {
  while (!signal.aborted) {
    try {
      const worker = await startExportWorker(deps);
      deps.log.info('worker is taking jobs');
      return worker;
    } catch (error) {
      deps.log.error({ err: error }, 'cannot start the worker for this region, retrying');
      await pause(REGION_RETRY_MS, signal);
    }
  }
  return undefined;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
