import { inCompany } from '../regions/transaction.ts';
import type { ExportDeps } from './export-deps.ts';
import type { ExportJob } from './export-job.ts';
import { claimExport } from './sql/claim-export.ts';
import { countSlotsTaken } from './sql/count-slots-taken.ts';
import { endWaiting } from './sql/end-waiting.ts';
import { letWait } from './sql/let-wait.ts';
import { lockSlots } from './sql/lock-slots.ts';

/**
 * Claims a job if its company has a slot free (guarantee 5); else the job waits until wakeExports gives it a new
 * queue entry, and no attempt is counted. Locking the company's slots makes the limit strict: between the count
 * and the claim nobody else of that company can start.
 * @returns undefined when it is not this worker's to run
 */
export async function startExport(
  { pool, settings }: Pick<ExportDeps, 'pool' | 'settings'>,
  { companyId, jobId }: { companyId: string; jobId: string },
): Promise<ExportJob | undefined> {
  const { maxRunningPerCompany } = settings;
  return inCompany(pool, companyId, async (client) => {
    const limited = await lockSlots(client, companyId);
    if (!limited) return claimExport(client, companyId, jobId);
    const running = await countSlotsTaken(client, companyId, ['running'], maxRunningPerCompany);
    if (running >= maxRunningPerCompany) {
      await letWait(client, companyId, jobId);
      return undefined;
    }
    await endWaiting(client, companyId, jobId);
    return claimExport(client, companyId, jobId);
  });
}
