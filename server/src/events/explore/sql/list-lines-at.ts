import { execute, type Queryable, query, sql } from '../../../regions/sql.ts';
import { eventFilter, type EventScope } from '../../query/event-filter.ts';
import type { ResolvedEventQuery } from '../../../../../contract/event-query.ts';
import { LISTED_COLUMNS, type ListedEvent } from './list-event-lines.ts';

interface ListLinesAt {
  readonly filter: ResolvedEventQuery;
  readonly scope: EventScope;
  /** Number of events to skip. */
  readonly offset: number;
  readonly limit: number;
}

/**
 * The events [offset, offset + limit) in id order, newest first unless the filter sets another order. Skipped events
 * are only counted: for one workspace and a time range an index scan is enough, and only the lines of the page are
 * fetched, by ID (40,000 deep in an hour: 70 ms with the lines, 22 ms without).
 */
export async function listLinesAt(
  client: Queryable,
  { filter, scope, offset, limit }: ListLinesAt,
): Promise<ListedEvent[]> {
  const order = filter.order === 'asc' ? sql`id ASC` : sql`id DESC`;
  const condition = eventFilter(filter, scope);
  // Without this, the planner fetches the IDs of all workspaces of an hour and sorts them: 210 ms instead of 28 ms.
  await execute(client, sql`SET LOCAL enable_sort = off`);
  return query(
    client,
    sql<ListedEvent>`
      SELECT ${LISTED_COLUMNS} FROM events
      WHERE ${condition} AND id = ANY (ARRAY(
        SELECT id FROM events WHERE ${condition} ORDER BY ${order} LIMIT ${limit} OFFSET ${offset}))
      ORDER BY ${order}`,
  );
}
