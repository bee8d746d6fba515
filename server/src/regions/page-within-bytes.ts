import { type RawBuilder, sql } from './sql.ts';

/** A page ends early at this size: a limit of 200 rows is not enough if a row may have 1 MiB. */
export const PAGE_BYTES = 8 * 1024 * 1024;

/** Number of rows before the page was cut. */
export interface Found {
  readonly found: number;
}

/**
 * The first rows of a query, up to the one that reaches 8 MiB, and at least one. The database cuts the page, so
 * further rows are neither sent nor buffered. The query must have a column "pageBytes" and a LIMIT; `order` is its
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

/** Rows of a page that requested one more than `limit`, and whether more follow. */
export function cutPage<Row extends Found>(
  rows: readonly Row[],
  limit: number,
): { page: Row[]; last: Row | undefined } {
  const page = rows.slice(0, limit);
  const isCut = (rows[0]?.found ?? 0) > page.length;
  return { page, last: isCut ? page.at(-1) : undefined };
}
