import { type RawBuilder, sql } from './sql.ts';

/** A page ends early at this size: 200 rows alone bound nothing when one may have a MiB. */
export const PAGE_BYTES = 8 * 1024 * 1024;

/** How many rows there were before the page was cut. */
export interface Found {
  readonly found: number;
}

/**
 * The first rows of a query, up to the one that reaches 8 MiB: never none while there is one. They are cut in the
 * database, so nothing beyond is sent or held. The query has a column "pageBytes" and an end (LIMIT); `order` is its
 * ORDER BY in terms of its columns.
 */
export function pageWithinBytes<Row>(
  rows: RawBuilder<Row & { pageBytes: number }>,
  order: RawBuilder<unknown>,
): RawBuilder<Row & Found> {
  return sql<Row & Found>`
    SELECT * FROM (
      SELECT *, (count(*) OVER ())::int AS found,
             sum("pageBytes") OVER (ORDER BY ${order} ROWS UNBOUNDED PRECEDING) - "pageBytes" AS "bytesBefore"
      FROM (${rows}) AS rows
    ) AS page
    WHERE "bytesBefore" < ${PAGE_BYTES}
    ORDER BY ${order}`;
}

/** The rows of a page that asked for one more than `limit`, and whether more follow. */
export function cutPage<Row extends Found>(
  rows: readonly Row[],
  limit: number,
): { page: Row[]; last: Row | undefined } {
  const page = rows.slice(0, limit);
  const isCut = (rows[0]?.found ?? 0) > page.length;
  return { page, last: isCut ? page.at(-1) : undefined };
}
