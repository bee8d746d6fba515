import { inCompany } from '../../regions/transaction.ts';
import { enqueueExport } from '../request/enqueue-export.ts';
import type { ExportDeps } from '../export-deps.ts';
import { lockSlots } from '../run/sql/lock-slots.ts';
import { claimWaitingExports } from './sql/claim-waiting-exports.ts';

/**
 * Gives queue entries to the oldest waiting jobs of a company, as many as it has free slots. To be called after
 * whatever may have freed one has committed; in a transaction of its own, because the slots are locked before any
 * job's row.
 */
export async function dispatchWaitingExports(
  { pool, queue, settings }: Pick<ExportDeps, 'pool' | 'queue' | 'settings'>,
  companyId: string,
): Promise<void> {
  await inCompany(pool, companyId, async (client) => {
    if (!(await lockSlots(client, companyId))) return;
    const woken = await claimWaitingExports(client, companyId, settings.maxRunningPerCompany);
    for (const jobId of woken) await enqueueExport(queue, client, { companyId, jobId });
  });
}
