import type { Queryable } from '../../regions/sql.ts';
import { inCompany } from '../../regions/transaction.ts';
import type { ExportDeps } from '../export-deps.ts';
import type { ExportJob } from '../export-job.ts';
import { retryDelaySeconds, type WaitCode } from '../wait/export-wait.ts';
import { claimExport } from './sql/claim-export.ts';
import { countSlotsTaken } from '../request/sql/count-slots-taken.ts';
import { unparkExport } from '../wait/sql/unpark-export.ts';
import { findExport } from '../request/sql/find-export.ts';
import { hasNewerWorker } from './sql/find-newer-worker.ts';
import { hasExportWaits } from '../wait/sql/has-export-waits.ts';
import { parkExport } from '../wait/sql/park-export.ts';
import { lockSlots } from './sql/lock-slots.ts';
import { deferExport } from '../wait/sql/defer-export.ts';
import { unsupportedPart } from './unsupported-job.ts';
import { WORKER_VERSION } from './worker-version.ts';

type StartDeps = Pick<ExportDeps, 'pool' | 'settings' | 'log' | 'disk'>;

interface Obstacle {
  readonly code: WaitCode;
  readonly detail: string | null;
}

/**
 * Claims a job if its company has a slot free (guarantee 5) and nothing else keeps it from running; otherwise the job
 * waits until dispatchWaitingExports creates a new queue entry, and no attempt is counted. Locking the slots of the
 * company makes the limit strict: no other worker can start a job of the company between the count and the claim.
 * @returns undefined if this worker must not run the job
 */
export async function startExport(
  deps: StartDeps,
  { companyId, jobId }: { companyId: string; jobId: string },
): Promise<ExportJob | undefined> {
  const { maxRunningPerCompany, workerVersion } = deps.settings;
  return inCompany(deps.pool, companyId, async (client) => {
    const limited = await lockSlots(client, companyId);
    const job = await findExport(client, companyId, jobId);
    const obstacle = job?.status === 'pending' ? await findObstacle(deps, job) : undefined;
    if (job !== undefined && obstacle !== undefined) {
      if (await hasExportWaits(client)) await putOff(deps, client, job, obstacle);
      else deps.log.error({ jobId, ...obstacle }, 'export cannot be run by this worker');
      return undefined;
    }
    if (!limited) return claimExport(client, companyId, jobId, workerVersion);
    const running = await countSlotsTaken(client, companyId, ['running'], maxRunningPerCompany);
    if (running >= maxRunningPerCompany) {
      await parkExport(client, companyId, jobId);
      return undefined;
    }
    await unparkExport(client, companyId, jobId);
    return claimExport(client, companyId, jobId, workerVersion);
  });
}

/** Reason why this worker cannot run the job now. */
async function findObstacle(
  { settings, disk }: StartDeps,
  job: ExportJob,
): Promise<Obstacle | undefined> {
  const unsupported = unsupportedPart(job, settings.workerVersion ?? WORKER_VERSION);
  if (unsupported !== undefined) return { code: 'NEEDS_NEWER_WORKER', detail: unsupported };
  const low = await disk?.findLowDisk();
  return low === undefined ? undefined : { code: 'DISK_LOW', detail: null };
}

/** Records why the job waits, and logs it once. */
async function putOff(
  { log, settings }: StartDeps,
  client: Queryable,
  job: ExportJob,
  { code, detail }: Obstacle,
): Promise<void> {
  const { companyId, jobId, waitCode } = job;
  const mine = settings.workerVersion ?? WORKER_VERSION;
  const isNewerAlive = code === 'NEEDS_NEWER_WORKER' && (await hasNewerWorker(client, mine));
  const delaySeconds = isNewerAlive ? 1 : pauseSeconds(job);
  await deferExport(client, { companyId, jobId, code, detail, delaySeconds });
  const level = waitCode === code ? 'debug' : 'warn';
  log[level]({ jobId, code, detail, delaySeconds }, 'export waits, no attempt was spent');
}

/** Short, so that a newer worker or free space is noticed soon. */
const MAX_PAUSE_SECONDS = 30;

/** The pause grows with the time already waited, so that waiting jobs do not keep the workers busy. */
function pauseSeconds({ waitSince }: ExportJob): number {
  const waitedSeconds = waitSince === null ? 0 : (Date.now() - waitSince.getTime()) / 1000;
  const doublings = Math.floor(Math.log2(Math.max(1, waitedSeconds)));
  return Math.min(retryDelaySeconds(Math.max(2, doublings)), MAX_PAUSE_SECONDS);
}
