import type pg from 'pg';
import type { Logger } from 'pino';
import { inCompany } from '../../regions/transaction.ts';
import { claimMaintenanceTask } from '../run/sql/claim-maintenance-task.ts';
import { companiesWithOldKeys, purgeIdempotencyKeys } from '../run/sql/purge-idempotency-keys.ts';

const EVERY_SECONDS = 3_600;
/** Companies and keys per round; the next round continues with the rest. */
const MAX_COMPANIES = 1_000;
const KEYS_PER_STATEMENT = 1_000;

/** Removes expired idempotency keys of exports. Runs when due, on one worker of the region. */
export async function purgeRegion(
  { pool, log }: { readonly pool: pg.Pool; readonly log: Logger },
  signal: AbortSignal,
): Promise<void> {
  if (!(await claimMaintenanceTask(pool, 'purge idempotency keys', EVERY_SECONDS))) return;
  const purged = await purgeOldKeys(pool, signal);
  if (purged > 0) log.info({ purged }, 'old idempotency keys removed');
}

/** @returns the number of removed keys; each transaction removes at most a thousand */
export async function purgeOldKeys(pool: pg.Pool, signal: AbortSignal): Promise<number> {
  let purged = 0;
  for (const companyId of await companiesWithOldKeys(pool, MAX_COMPANIES)) {
    for (let batch = KEYS_PER_STATEMENT; batch === KEYS_PER_STATEMENT && !signal.aborted; ) {
      batch = await inCompany(pool, companyId, (client) =>
        purgeIdempotencyKeys(client, companyId, KEYS_PER_STATEMENT),
      );
      purged += batch;
    }
  }
  return purged;
}
