import { type Queryable, query, sql } from '../../../regions/sql.ts';
import { allOf, eventFilter, type EventScope } from '../../query/event-filter.ts';

interface IdAndLine {
  readonly id: string;
  readonly line: string;
}

/** The lines of these events of the scope, by id. */
export async function findLargeLines(
  client: Queryable,
  scope: EventScope,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await query(
    client,
    sql<IdAndLine>`
      SELECT id, line FROM events
      WHERE ${allOf([eventFilter({ version: 1 }, scope), sql`id = ANY(${[...ids]}::uuid[])`])}`,
  );
  return new Map(rows.map(({ id, line }) => [id, line]));
}
