import type pg from 'pg';
import { inCompany } from '../../regions/transaction.ts';
import { query, sql } from '../../regions/sql.ts';
import { findFoldBoundary, foldDeltas } from './sql/fold-deltas.ts';

/** Deltas folded in one transaction: about 0.1 s, which is what one company's backlog costs the next company. */
const MAX_FOLDED = 2_000;

/**
 * Folds appended rollup deltas into the hourly counts. Readers sum both, so counts are exact at any time.
 *
 * Fair: companies whose deltas fit one batch come first, in every round; after them one company with a backlog
 * has one batch, then all are looked at again. So a single delta waits for one batch of a backlog at most,
 * however long the backlog is.
 */
export async function foldRollup(pool: pg.Pool, signal: AbortSignal): Promise<void> {
  // In the order of their turns: the first was served longest ago.
  const backlogged = new Set<string>();
  do {
    for (const companyId of await findCompaniesToFold(pool)) {
      if (signal.aborted) return;
      if (backlogged.has(companyId)) continue;
      if (await hasMore(pool, companyId)) backlogged.add(companyId);
    }
    const [next] = backlogged;
    if (next === undefined || signal.aborted) return;
    backlogged.delete(next);
    if (await hasMore(pool, next)) backlogged.add(next);
  } while (backlogged.size > 0);
}

async function findCompaniesToFold(pool: pg.Pool): Promise<string[]> {
  const rows = await query(pool, sql<{ id: string }>`SELECT exhibit_companies_to_fold() AS id`);
  return rows.map(({ id }) => id);
}

/** Folds one batch; true when the company has more. */
async function hasMore(pool: pg.Pool, companyId: string): Promise<boolean> {
  return inCompany(pool, companyId, async (client) => {
    // One worker a company at a time: two would lock the same rollup rows in different orders.
    const [lock] = await query(
      client,
      sql<{
        mine: boolean;
      }>`SELECT pg_try_advisory_xact_lock(hashtextextended(${`fold ${companyId}`}, 0)) AS mine`,
    );
    if (lock?.mine !== true) return false;
    const boundary = await findFoldBoundary(client, companyId, MAX_FOLDED);
    if (boundary === undefined) return false;
    await foldDeltas(client, companyId, boundary.lastDeltaId);
    return boundary.full;
  });
}
