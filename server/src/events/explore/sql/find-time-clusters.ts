import { type Queryable, query, sql } from '../../../regions/sql.ts';
import { eventCounts } from '../../rollup/count-events.ts';
import type { EventScope } from '../../query/event-filter.ts';
import type { ResolvedEventQuery } from '../../../../../contract/event-query.ts';

/** Hours with events, with gaps of at most `MAX_GAP_DAYS` between them. */
export interface TimeCluster {
  /** Start of the first and of the last hour that holds matching events. */
  readonly first: Date;
  readonly last: Date;
  readonly count: number;
}

/** Longest gap within a cluster. It limits the result to 130 × 365 / 90 rows. */
export const MAX_GAP_DAYS = 90;

/** Clusters of the matching events on the time axis, oldest first; empty without matching events. */
export async function findTimeClusters(
  client: Queryable,
  filter: ResolvedEventQuery,
  scope: EventScope,
): Promise<TimeCluster[]> {
  return query(
    client,
    sql<TimeCluster>`
      SELECT min(hour) AS first, max(hour) AS last, sum(count)::bigint AS count
      FROM (
        SELECT hour, count, count(*) FILTER (WHERE starts) OVER (ORDER BY hour) AS cluster
        FROM (
          SELECT hour, count, hour - lag(hour) OVER (ORDER BY hour) > make_interval(days => ${MAX_GAP_DAYS}) AS starts
          FROM (SELECT hour, sum(count) AS count FROM ${eventCounts(filter, scope)} counts GROUP BY hour) hours
        ) gaps
      ) clustered
      GROUP BY cluster ORDER BY cluster`,
  );
}
