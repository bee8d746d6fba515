import { type Found, pageWithinBytes } from '../../../regions/page-within-bytes.ts';
import { type Queryable, query, type RawBuilder, sql } from '../../../regions/sql.ts';
import { allOf, eventFilter, type EventScope } from '../../query/event-filter.ts';
import type { ResolvedEventQuery } from '../../../../../contract/event-query.ts';
import { RECEIPT_COLUMNS, type ReceiptRow } from '../../ingest/receipt.ts';

/** A stored line and its receipt. */
export interface EventLine extends ReceiptRow {
  readonly id: string;
  readonly line: string;
}

/** The same without the line of a large event, so that a list of many large events is not read before it is cut. */
export interface ListedEvent extends ReceiptRow {
  readonly id: string;
  /** null if longer than {@link MAX_LISTED_BYTES} */
  readonly line: string | null;
  /** Length of the line. */
  readonly bytes: number;
}

/** Lines up to this size are listed; 201 of them are less than a page may have. */
const MAX_LISTED_BYTES = 32 * 1024;

/** The columns of `events` that make a {@link ListedEvent}. The length of a stored line is known without reading it. */
export const LISTED_COLUMNS = sql`
  id, CASE WHEN octet_length(line) <= ${sql.lit(MAX_LISTED_BYTES)} THEN line END AS line,
  octet_length(line) AS bytes, ${RECEIPT_COLUMNS}`;

interface ListEventLines {
  readonly filter: ResolvedEventQuery;
  readonly scope: EventScope;
  /** ID of the last event of the previous page. */
  readonly after: string | undefined;
  readonly limit: number;
}

/** Events in id order, newest first unless the filter's order says otherwise; without the lines of large ones. */
export async function listEvents(client: Queryable, list: ListEventLines): Promise<ListedEvent[]> {
  return query(client, sql<ListedEvent>`${inOrder(list, LISTED_COLUMNS)}`);
}

/** A page of events with their lines, which ends early if the lines have many bytes. */
export async function listEventLinesWithinBytes(
  client: Queryable,
  list: ListEventLines,
): Promise<(EventLine & Found)[]> {
  return query(
    client,
    pageWithinBytes(linesInOrder(list), list.filter.order === 'asc' ? sql`id ASC` : sql`id DESC`),
  );
}

function linesInOrder(list: ListEventLines): RawBuilder<EventLine & { pageBytes: number }> {
  return inOrder(list, sql`id, line, octet_length(line) AS "pageBytes", ${RECEIPT_COLUMNS}`);
}

function inOrder<Row>(
  { filter, scope, after, limit }: ListEventLines,
  columns: RawBuilder<unknown>,
): RawBuilder<Row> {
  const ascending = filter.order === 'asc';
  const beyond = ascending ? sql`id > ${after}` : sql`id < ${after}`;
  return sql<Row>`
      SELECT ${columns} FROM events
      WHERE ${allOf([eventFilter(filter, scope), ...(after === undefined ? [] : [beyond])])}
      ORDER BY id ${ascending ? sql`ASC` : sql`DESC`}
      LIMIT ${limit}`;
}
