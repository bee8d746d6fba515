import { execute, type Queryable, query, sql } from '../../../regions/sql.ts';

export interface FoldBoundary {
  /** The last delta of the batch. */
  readonly lastDeltaId: number;
  /** True if the batch has the maximum size, so that there are probably more deltas. */
  readonly full: boolean;
}

/** End of the oldest `maxDeltas` deltas of the company; undefined without deltas. */
export async function findFoldBoundary(
  client: Queryable,
  companyId: string,
  maxDeltas: number,
): Promise<FoldBoundary | undefined> {
  const [row] = await query(
    client,
    sql<{ last: number | null; count: number }>`
      SELECT max(delta_id) AS last, count(*)::int AS count
      FROM (SELECT delta_id FROM event_rollup_deltas WHERE company_id = ${companyId}
            ORDER BY delta_id LIMIT ${maxDeltas}) oldest`,
  );
  if (row === undefined || row.last === null) return undefined;
  return { lastDeltaId: row.last, full: row.count === maxDeltas };
}

/**
 * Moves a company's deltas up to this one into the hourly counts. It reads a range of the primary key and needs no
 * join: `delta_id IN (SELECT … LIMIT 20000)` was planned as a nested loop that compared every delta with every chosen
 * one whenever the statistics were from a time when the table was almost empty, which it usually is.
 */
export async function foldDeltas(
  client: Queryable,
  companyId: string,
  lastDeltaId: number,
): Promise<void> {
  await execute(
    client,
    sql`
      WITH taken AS (
        DELETE FROM event_rollup_deltas WHERE company_id = ${companyId} AND delta_id <= ${lastDeltaId}::bigint
        RETURNING workspace_id, hour, category, action, count
      )
      INSERT INTO event_rollup (company_id, workspace_id, hour, category, action, count)
      SELECT ${companyId}::uuid, workspace_id, hour, category, action, sum(count)
      FROM taken GROUP BY workspace_id, hour, category, action
      ON CONFLICT (company_id, workspace_id, hour, category, action)
      DO UPDATE SET count = event_rollup.count + excluded.count`,
  );
}
