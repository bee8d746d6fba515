import { allOf, type EventScope, scopeConditions } from '../../events/event-filter.ts';
import { type Queryable, query, sql } from '../../regions/sql.ts';
import type { HourCount } from '../slices.ts';

/** Events of the workspaces by hour, oldest first, from the rollup. */
export async function countByHour(client: Queryable, scope: EventScope): Promise<HourCount[]> {
  const own = allOf(scopeConditions(scope));
  return query(
    client,
    sql<HourCount>`
      SELECT (extract(epoch FROM hour) * 1000000)::bigint AS micros, sum(count)::bigint AS count
      FROM (SELECT hour, count FROM event_rollup WHERE ${own}
            UNION ALL SELECT hour, count FROM event_rollup_deltas WHERE ${own}) counts
      GROUP BY hour ORDER BY hour`,
  );
}
