import { type Queryable, query, sql } from '../../../regions/sql.ts';
import { eventCounts } from '../../rollup/count-events.ts';
import type { EventScope } from '../../query/event-filter.ts';
import type { ResolvedEventQuery } from '../../../../../contract/event-query.ts';

export interface PageHours {
  /** Earliest and latest hour with events of the page, microseconds since the epoch. */
  readonly first: number;
  readonly last: number;
  /** Number of matching events before the first of these hours, in the order of the list. */
  readonly before: number;
  /** Number of matching events in the hour in which the page starts. */
  readonly within: number;
}

interface FindPageHours {
  readonly filter: ResolvedEventQuery;
  readonly scope: EventScope;
  readonly offset: number;
  readonly limit: number;
}

interface Found {
  /** Number of matching events on all pages. */
  readonly total: number;
  /** Undefined if the list ends before the page. */
  readonly hours: PageHours | undefined;
}

/**
 * Total of matching events, and the hours that hold the events [offset, offset + limit) of the list. Both come from
 * the hourly counts, so a page deep in the list costs as much as the first page. Only for queries that the rollup
 * answers.
 */
export async function findPageHours(
  client: Queryable,
  { filter, scope, offset, limit }: FindPageHours,
): Promise<Found> {
  const order = filter.order === 'asc' ? sql`ASC` : sql`DESC`;
  const [row] = await query(
    client,
    sql<{ total: number } & { [Field in keyof PageHours]: number | null }>`
      SELECT coalesce(max(through), 0)::bigint AS total,
        (extract(epoch FROM min(hour) FILTER (WHERE shown)) * 1000000)::bigint AS first,
        (extract(epoch FROM max(hour) FILTER (WHERE shown)) * 1000000)::bigint AS last,
        (min(through - count) FILTER (WHERE shown))::bigint AS before,
        (min(through) FILTER (WHERE shown) - min(through - count) FILTER (WHERE shown))::bigint AS within
      FROM (
        SELECT *, through > ${offset}::bigint AND through - count < ${offset + limit}::bigint AS shown
        FROM (
          SELECT hour, count, sum(count) OVER (ORDER BY hour ${order}) AS through
          FROM (SELECT hour, sum(count) AS count FROM ${eventCounts(filter, scope)} counts GROUP BY hour) hours
        ) walked
      ) marked`,
  );
  const { total = 0, first = null, last = null, before = null, within = null } = row ?? {};
  if (first === null || last === null) return { total, hours: undefined };
  return { total, hours: { first, last, before: before ?? 0, within: within ?? 0 } };
}
