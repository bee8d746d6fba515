import type pg from 'pg';
import { inCompany } from '../regions/transaction.ts';
import { query, sql } from '../regions/sql.ts';

/** Deltas folded in one transaction: short, so that an ingest never waits. */
const MOST_FOLDED = 20_000;

/** Folds appended rollup deltas into the hourly counts, company by company. Readers sum both, so always exact. */
export async function foldRollup(pool: pg.Pool, signal: AbortSignal): Promise<void> {
  const companies = await query(
    pool,
    sql<{ id: string }>`SELECT exhibit_companies_to_fold() AS id`,
  );
  for (const { id } of companies) {
    while (!signal.aborted && (await foldCompany(pool, id)) === MOST_FOLDED);
  }
}

async function foldCompany(pool: pg.Pool, companyId: string): Promise<number> {
  return inCompany(pool, companyId, async (client) => {
    // One folder a company at a time: two would lock the same rollup rows in different orders.
    const [lock] = await query(
      client,
      sql<{
        mine: boolean;
      }>`SELECT pg_try_advisory_xact_lock(hashtextextended(${`fold ${companyId}`}, 0)) AS mine`,
    );
    if (lock?.mine !== true) return 0;
    const [folded] = await query(
      client,
      sql<{ deltas: number }>`
      WITH taken AS (
        DELETE FROM event_rollup_deltas
        WHERE company_id = ${companyId} AND delta_id IN (
          SELECT delta_id FROM event_rollup_deltas WHERE company_id = ${companyId} ORDER BY delta_id LIMIT ${MOST_FOLDED})
        RETURNING workspace_id, hour, category, action, count
      ), folded AS (
        INSERT INTO event_rollup (company_id, workspace_id, hour, category, action, count)
        SELECT ${companyId}::uuid, workspace_id, hour, category, action, sum(count)
        FROM taken GROUP BY workspace_id, hour, category, action
        ON CONFLICT (company_id, workspace_id, hour, category, action)
        DO UPDATE SET count = event_rollup.count + excluded.count
      )
      SELECT count(*)::int AS deltas FROM taken`,
    );
    return folded?.deltas ?? 0;
  });
}
