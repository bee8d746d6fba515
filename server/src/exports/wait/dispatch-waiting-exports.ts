/*
 * Exports that wait: for a slot of their company, for a newer worker, or for the end of an outage. A waiting job has
 * no queue entry and holds no slot; dispatchWaitingExports gives it one.
 */
import { inCompany } from '../../regions/transaction.ts';
import { enqueueExport } from '../request/enqueue-export.ts';
import type { ExportDeps } from '../export-deps.ts';
import { lockSlots } from '../run/sql/lock-slots.ts';
import { claimWaitingExports } from './sql/claim-waiting-exports.ts';

/**
 * Creates queue entries for the oldest waiting jobs of a company, one per free slot. Call it after committing a
 * change that may have freed a slot, in a separate transaction, because the slots are locked before any job row.
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
