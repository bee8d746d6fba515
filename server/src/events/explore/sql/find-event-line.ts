import { type Queryable, query, sql } from '../../../regions/sql.ts';
import { allOf, type EventScope, scopeConditions } from '../../query/event-filter.ts';
import { RECEIPT_COLUMNS } from '../../ingest/receipt.ts';
import type { EventLine } from './list-event-lines.ts';

/** Canonical line and receipt of one event; undefined if the event is outside the scope. */
export async function findEventLine(
  client: Queryable,
  scope: EventScope,
  id: string,
): Promise<EventLine | undefined> {
  const [row] = await query(
    client,
    sql<EventLine>`
      SELECT id, line, ${RECEIPT_COLUMNS} FROM events WHERE ${allOf(scopeConditions(scope))} AND id = ${id}`,
  );
  return row;
}
