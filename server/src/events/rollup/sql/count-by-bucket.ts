import { type Queryable, query, type RawBuilder, sql } from '../../../regions/sql.ts';
import { EVENT_MILLIS, eventCounts } from '../count-events.ts';
import { eventFilter, type EventScope } from '../../query/event-filter.ts';
import type { ResolvedEventQuery } from '../../../../../contract/event-query.ts';
import type { HistogramInterval } from '../../explore/histogram-interval.ts';

export interface BucketCount {
  /** Start of the bucket, UTC. */
  readonly start: Date;
  /** Category or action; null when not grouped. */
  readonly value: string | null;
  readonly count: number;
}

interface CountByBucket {
  readonly filter: ResolvedEventQuery;
  readonly scope: EventScope;
  readonly interval: HistogramInterval;
  readonly groupBy: 'category' | 'action' | undefined;
}

/** Matching events per time bucket, oldest first, without empty buckets. Weeks begin on Monday. */
export async function countByBucket(
  client: Queryable,
  { filter, scope, interval, groupBy }: CountByBucket,
): Promise<BucketCount[]> {
  const value = groupBy === undefined ? sql`NULL::text` : sql.ref(groupBy);
  const counts: RawBuilder<unknown> =
    interval === 'minute'
      ? sql`(SELECT to_timestamp(${EVENT_MILLIS} / 60000 * 60) AS hour, category, action, 1 AS count
             FROM events WHERE ${eventFilter(filter, scope)})`
      : eventCounts(filter, scope);
  // Summed by hour first, because date_trunc on every row took half of the time. The session's time zone is UTC
  // (regions/connect.ts), so date_trunc's days and weeks are too.
  return query(
    client,
    sql<BucketCount>`
      SELECT date_trunc(${interval}, hour) AS start, value, sum(count)::bigint AS count
      FROM (SELECT hour, ${value} AS value, sum(count) AS count FROM ${counts} counts GROUP BY 1, 2) hours
      GROUP BY 1, 2 ORDER BY 1, 3 DESC, 2`,
  );
}
