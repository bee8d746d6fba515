import { type Queryable, query, sql } from '../../regions/sql.ts';
import { eventCounts } from '../count-events.ts';
import type { EventScope } from '../event-filter.ts';
import type { ResolvedEventQuery } from '../event-query.ts';

/** The first and the last hour with matching events (start of each), undefined when there are none. */
export async function findExtent(
  client: Queryable,
  filter: ResolvedEventQuery,
  scope: EventScope,
): Promise<{ first: Date; last: Date } | undefined> {
  const [row] = await query(
    client,
    sql<{ first: Date | null; last: Date | null }>`
      SELECT min(hour) AS first, max(hour) AS last FROM ${eventCounts(filter, scope)} counts`,
  );
  if (row === undefined || row.first === null || row.last === null) return undefined;
  return { first: row.first, last: row.last };
}
