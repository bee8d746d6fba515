import { eventFilter, type EventScope } from '../../events/event-filter.ts';
import type { ResolvedEventQuery } from '../../events/event-query.ts';
import { type Queryable, query, sql } from '../../regions/sql.ts';

const SAMPLE_ROWS = 200;

/** Bytes of a JSONL line, its newline included, over the newest matching events. */
export async function meanLineBytes(
  client: Queryable,
  filters: ResolvedEventQuery,
  scope: EventScope,
): Promise<number | null> {
  const [row] = await query(
    client,
    sql<{ bytes: number | null }>`
      SELECT avg(octet_length(line) + 1)::double precision AS bytes
      FROM (SELECT line FROM events WHERE ${eventFilter(filters, scope)} ORDER BY id DESC LIMIT ${SAMPLE_ROWS}) sample`,
  );
  return row?.bytes ?? null;
}
