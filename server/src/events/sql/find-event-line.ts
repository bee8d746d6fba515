import { type Queryable, query, sql } from '../../regions/sql.ts';
import { allOf, type EventScope, scopeConditions } from '../event-filter.ts';

/** The canonical line of one event, if it lies in the scope. */
export async function findEventLine(
  client: Queryable,
  scope: EventScope,
  id: string,
): Promise<string | undefined> {
  const [row] = await query(
    client,
    sql<{ line: string }>`
      SELECT line FROM events WHERE ${allOf(scopeConditions(scope))} AND id = ${id}`,
  );
  return row?.line;
}
