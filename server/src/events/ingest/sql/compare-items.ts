import { type Queryable, query, sql } from '../../../regions/sql.ts';

/** An item, and the stored event or other item to compare it with. */
export interface ItemPair {
  readonly item: string;
  /** ID of a stored event. */
  readonly id?: string;
  /** Another item, if that is not stored yet. */
  readonly other?: string;
}

/** Fields that the server adds to a line; they have the same value for every compared item. */
const NOT_COMPARED = ['id', 'companyId', 'workspaceId', 'idempotencyKey'];

/** Timestamp that the server adds to an event sent without one (formatMicros). */
const RECEIPT_AS_TIMESTAMP = sql`
  rtrim(rtrim(to_char(e.received_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), '0'), '.') || 'Z'`;

/**
 * For each pair, whether the contents are equal. Compared as jsonb: the order of keys, whitespace, escapes and the
 * spelling of numbers (1, 1.0, 1e0, at any precision) make no difference. An item without a timestamp equals an event
 * whose timestamp is the time of its receipt, to the millisecond, because the server adds that timestamp.
 *
 * A stored line much longer than the item cannot be equal and is not read, so that a small request cannot cause large
 * reads.
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
