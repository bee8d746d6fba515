import { type Queryable, query, sql } from '../../../regions/sql.ts';
import type { EventScope } from '../../query/event-filter.ts';

export interface EventExtent {
  /** Start of the first hour that holds events of the scope, microseconds since the epoch. */
  readonly from: number;
  /** End of the last hour that holds events of the scope. */
  readonly to: number;
}

/** First and last hour with events of the scope, from two index entries per workspace; undefined without events. */
export async function findEventExtent(
  client: Queryable,
  { companyId, workspaceIds }: EventScope,
): Promise<EventExtent | undefined> {
  const [row] = await query(
    client,
    sql<{ from: number | null; to: number | null }>`
      SELECT (extract(epoch FROM min(first)) * 1000000)::bigint AS "from",
        (extract(epoch FROM max(last) + interval '1 hour') * 1000000)::bigint AS "to"
      FROM (
        SELECT
          (SELECT hour FROM event_rollup r WHERE r.company_id = ${companyId} AND r.workspace_id = w.id ORDER BY hour LIMIT 1) AS first,
          (SELECT hour FROM event_rollup r WHERE r.company_id = ${companyId} AND r.workspace_id = w.id ORDER BY hour DESC LIMIT 1) AS last
        FROM unnest(${[...workspaceIds]}::uuid[]) AS w(id)
        UNION ALL
        SELECT min(hour), max(hour) FROM event_rollup_deltas
        WHERE company_id = ${companyId} AND workspace_id = ANY(${[...workspaceIds]}::uuid[])
      ) ends`,
  );
  if (row === undefined || row.from === null || row.to === null) return undefined;
  return { from: row.from, to: row.to };
}
