import { type Queryable, query, sql } from '../../../regions/sql.ts';

/** An item, and the stored event or the other item that it may be equal to. */
export interface ItemPair {
  readonly item: string;
  /** Id of a stored event. */
  readonly id?: string;
  /** Another item, when it is not stored yet. */
  readonly other?: string;
}

/** What the server adds to a line, and what says the same for every item that is compared. */
const NOT_COMPARED = ['id', 'companyId', 'workspaceId', 'idempotencyKey'];

/** The text that the server gives as timestamp to an event that was sent without one (formatMicros). */
const RECEIPT_AS_TIMESTAMP = sql`
  rtrim(rtrim(to_char(e.received_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), '0'), '.') || 'Z'`;

/**
 * Which items have the same content, by position. Compared as jsonb: the order of keys, whitespace, escapes and the
 * spelling of numbers (1, 1.0, 1e0, at any precision) make no difference. An item without a timestamp equals an event
 * whose timestamp is the time of its receipt, to the millisecond: that is what the server gives it.
 *
 * A stored line much longer than the item cannot be equal and is not read, so that small requests cannot cause large ones.
 */
export async function compareItems(
  client: Queryable,
  companyId: string,
  pairs: readonly ItemPair[],
): Promise<boolean[]> {
  const ids = pairs.map(({ id }) => id ?? null);
  const known = ids.filter((id) => id !== null);
  const rows = await query(
    client,
    sql<{ position: number; same: boolean | null }>`
      SELECT p.position,
        CASE WHEN octet_length(coalesce(e.line, p.other)) <= 8 * octet_length(p.item) + 4096 THEN
          coalesce(e.line, p.other)::jsonb - ${NOT_COMPARED}::text[]
            - CASE WHEN NOT p.item::jsonb ? 'timestamp' AND e."timestamp" = ${RECEIPT_AS_TIMESTAMP}
                   THEN 'timestamp' ELSE '' END
          = p.item::jsonb - ${NOT_COMPARED}::text[]
        END AS same
      FROM unnest(${ids}::uuid[], ${pairs.map(({ other }) => other ?? null)}::text[], ${pairs.map(({ item }) => item)}::text[])
        WITH ORDINALITY AS p(id, other, item, position)
      LEFT JOIN events e ON e.company_id = ${companyId} AND e.id = ANY(${known}::uuid[]) AND e.id = p.id`,
  );
  const same = new Set(rows.filter((row) => row.same === true).map(({ position }) => position));
  return pairs.map((_, index) => same.has(index + 1));
}
