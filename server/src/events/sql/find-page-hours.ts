import { type Queryable, query, sql } from '../../regions/sql.ts';
import { eventCounts } from '../count-events.ts';
import type { EventScope } from '../event-filter.ts';
import type { ResolvedEventQuery } from '../event-query.ts';

export interface PageHours {
  /** The earliest and the latest hour that hold events of the page, microseconds since the epoch. */
  readonly first: number;
  readonly last: number;
  /** Matching events that come before the first of these hours in the list's order. */
  readonly before: number;
  /** Matching events in the hour that the page begins in. */
  readonly within: number;
}

interface FindPageHours {
  readonly filter: ResolvedEventQuery;
  readonly scope: EventScope;
  readonly offset: number;
  readonly limit: number;
}

/**
 * Which hours hold the events [offset, offset + limit) of the list, by walking the counts: a page deep in
 * the list then costs what the first one does. Only for queries that the rollup answers.
 * @returns undefined when the list is shorter
 */
export async function findPageHours(
  client: Queryable,
  { filter, scope, offset, limit }: FindPageHours,
): Promise<PageHours | undefined> {
  const order = filter.order === 'asc' ? sql`ASC` : sql`DESC`;
  const [row] = await query(
    client,
    sql<{ [Field in keyof PageHours]: number | null }>`
      SELECT (extract(epoch FROM min(hour)) * 1000000)::bigint AS first,
        (extract(epoch FROM max(hour)) * 1000000)::bigint AS last, min(through - count)::bigint AS before,
        (min(through) - min(through - count))::bigint AS within
      FROM (
        SELECT hour, count, sum(count) OVER (ORDER BY hour ${order}) AS through
        FROM (SELECT hour, sum(count) AS count FROM ${eventCounts(filter, scope)} counts GROUP BY hour) hours
      ) walked
      WHERE through > ${offset}::bigint AND through - count < ${offset + limit}::bigint`,
  );
  if (row === undefined || row.first === null || row.last === null) return undefined;
  return { first: row.first, last: row.last, before: row.before ?? 0, within: row.within ?? 0 };
}
