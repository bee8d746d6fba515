import { type Queryable, query, sql } from '../../regions/sql.ts';
import { allOf, eventFilter, type EventScope } from '../event-filter.ts';
import type { ResolvedEventQuery } from '../event-query.ts';

interface ListEventLines {
  readonly filter: ResolvedEventQuery;
  readonly scope: EventScope;
  /** Id of the last event of the page before. */
  readonly after: string | undefined;
  readonly limit: number;
}

/** A page of events in id order, newest first unless the filter's order says otherwise. */
export async function listEventLines(
  client: Queryable,
  { filter, scope, after, limit }: ListEventLines,
): Promise<{ id: string; line: string }[]> {
  const ascending = filter.order === 'asc';
  const beyond = ascending ? sql`id > ${after}` : sql`id < ${after}`;
  return query(
    client,
    sql<{ id: string; line: string }>`
      SELECT id, line FROM events
      WHERE ${allOf([eventFilter(filter, scope), ...(after === undefined ? [] : [beyond])])}
      ORDER BY id ${ascending ? sql`ASC` : sql`DESC`}
      LIMIT ${limit}`,
  );
}
