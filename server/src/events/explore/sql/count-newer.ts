import { type Queryable, query, sql } from '../../../regions/sql.ts';
import { type EventScope, newerFilter } from '../../query/event-filter.ts';
import type { ResolvedEventQuery } from '../../../../../contract/event-query.ts';

/** Newer events are counted up to this number; beyond it the dashboard only shows that there are more. */
const MAX_COUNTED_NEWER = 1_000;

/** Number of matching events that arrived after `asOf` of the scope. */
export async function countNewer(
  client: Queryable,
  filter: ResolvedEventQuery,
  scope: EventScope,
): Promise<{ newer: number; newerExact: boolean }> {
  if (scope.asOf === undefined) return { newer: 0, newerExact: true };
  const [row] = await query(
    client,
    sql<{ count: number }>`
      SELECT count(*)::bigint AS count
      FROM (SELECT FROM events WHERE ${newerFilter(filter, scope, scope.asOf)}
            LIMIT ${MAX_COUNTED_NEWER + 1}) counted`,
  );
  const count = row?.count ?? 0;
  return { newer: Math.min(count, MAX_COUNTED_NEWER), newerExact: count <= MAX_COUNTED_NEWER };
}
