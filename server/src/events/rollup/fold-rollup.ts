/*
 * Hourly counts by value. Ingest appends deltas; the worker folds them, one batch in one transaction; readers add both.
 */
import type pg from 'pg';
import { inCompany } from '../../regions/transaction.ts';
import { query, sql } from '../../regions/sql.ts';
import { findFoldBoundary, foldDeltas } from './sql/fold-deltas.ts';

/**
 * Deltas folded in one transaction. It takes about 0.1 s, which is how long a company's backlog can delay the next
 * company.
 */
const MAX_FOLDED = 2_000;

/**
 * Folds appended rollup deltas into the hourly counts. Readers sum both, so counts are exact at any time.
 *
 * Fair: in every round, companies whose deltas fit into one batch come first. Then one batch of one company with a
 * backlog is folded, and the next round starts. A single delta therefore waits for at most one batch of a backlog,
 * regardless of its length.
 */
export async function foldRollup(pool: pg.Pool, signal: AbortSignal): Promise<void> {
  // Ordered by turn: the first company was served longest ago.
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

/** Folds one batch; true if the company has more. */
async function hasMore(pool: pg.Pool, companyId: string): Promise<boolean> {
  return inCompany(pool, companyId, async (client) => {
    // One worker per company at a time, because two would lock the same rollup rows in different orders.
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
