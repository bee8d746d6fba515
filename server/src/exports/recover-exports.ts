import { inCompany } from '../regions/transaction.ts';
import { artifactPrefix } from './artifact-key.ts';
import { enqueueExport } from './enqueue-export.ts';
import type { ExportDeps } from './export-deps.ts';
import { cancelRunningExport } from './sql/cancel-running-export.ts';
import { MOST_ATTEMPTS } from './sql/claim-export.ts';
import { failExport } from './sql/fail-export.ts';
import { findExport } from './sql/find-export.ts';
import { findStartableCompanies } from './sql/find-startable-companies.ts';
import { findStrandedExports, type StrandedExport } from './sql/find-stranded-exports.ts';
import { isEnqueued } from './sql/is-enqueued.ts';
import { releaseLostExport } from './sql/release-lost-export.ts';
import { wakeExports } from './wake-exports.ts';

/**
 * Picks up what nobody works on (guarantee 4): jobs whose worker died, and pending jobs whose queue entry is
 * gone. The queue hands out a dead worker's entry by itself; this does not rely on it, and it also ends
 * jobs that are to be canceled or have no attempt left, and wakes the waiting jobs that nobody woke.
 */
export async function recoverExports(deps: ExportDeps): Promise<void> {
  for (const stranded of await findStrandedExports(deps.pool)) {
    await recover(deps, stranded);
  }
  const { pool, settings } = deps;
  for (const companyId of await findStartableCompanies(pool, settings.maxRunningPerCompany)) {
    await wakeExports(deps, companyId);
  }
}

async function recover(
  deps: ExportDeps,
  { companyId, jobId, lease }: StrandedExport,
): Promise<void> {
  const { pool, queue, store, log } = deps;
  const job = await inCompany(pool, companyId, (client) => findExport(client, companyId, jobId));
  if (job === undefined || job.lease !== lease) return;
  const hopeless = job.cancelRequestedAt !== null || job.attempt >= MOST_ATTEMPTS;
  if (job.status === 'running' && hopeless) {
    const ended = await inCompany(pool, companyId, async (client) => {
      // First the job's row, then the files: a worker thought dead may publish until the row is taken from it.
      const moved =
        (await cancelRunningExport(client, companyId, jobId, lease)) ||
        (await failExport(client, { companyId, jobId, lease, failureCode: 'WORKER_LOST' }));
      if (moved) await store.deletePrefix(artifactPrefix(job));
      return moved;
    });
    if (ended) log.warn({ jobId, lease }, 'export of a lost worker ended');
    return;
  }
  await inCompany(pool, companyId, async (client) => {
    const released =
      job.status === 'running' && (await releaseLostExport(client, companyId, jobId));
    if (!released && (job.status === 'running' || (await isEnqueued(client, jobId)))) return;
    await enqueueExport(queue, client, { companyId, jobId });
    log.warn({ jobId, lease, status: job.status }, 'stranded export put back into the queue');
  });
}
