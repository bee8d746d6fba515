import { type Queryable, query, type RawBuilder, sql } from '../regions/sql.ts';
import { eventCounts, rollupAnswers } from './event-counts.ts';
import { eventFilter, type EventScope } from './event-filter.ts';
import type { ResolvedEventQuery } from './event-query.ts';

/**
 * How many events match, exactly, as of this statement's snapshot: from the rollup when it answers the
 * query, and then from the events only for parts of hours.
 */
export async function countEvents(
  client: Queryable,
  filter: ResolvedEventQuery,
  scope: EventScope,
): Promise<number> {
  const counted: RawBuilder<unknown> = rollupAnswers(filter)
    ? sql`SELECT coalesce(sum(count), 0) FROM ${eventCounts(filter, scope)} counts`
    : sql`SELECT count(*) FROM events WHERE ${eventFilter(filter, scope)}`;
  const [row] = await query(client, sql<{ count: number }>`SELECT (${counted})::bigint AS count`);
  return row?.count ?? 0;
}

/** The same, giving up at `most`: then `most` is the answer and not exact. */
export async function countEventsUpTo(
  client: Queryable,
  filter: ResolvedEventQuery,
  scope: EventScope,
  most: number,
): Promise<{ total: number; exact: boolean }> {
  if (rollupAnswers(filter))
    return { total: await countEvents(client, filter, scope), exact: true };
  const [row] = await query(
    client,
    sql<{ count: number }>`
      SELECT count(*)::bigint AS count
      FROM (SELECT FROM events WHERE ${eventFilter(filter, scope)} LIMIT ${most + 1}) counted`,
  );
  const count = row?.count ?? 0;
  return { total: Math.min(count, most), exact: count <= most };
}
