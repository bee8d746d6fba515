import { type Found, pageWithinBytes } from '../../../regions/page-within-bytes.ts';
import { type Queryable, query, sql } from '../../../regions/sql.ts';
import { allOf, eventFilter, type EventScope } from '../../query/event-filter.ts';
import type { ResolvedEventQuery } from '../../../../../contract/event-query.ts';
import { RECEIPT_COLUMNS, type ReceiptRow } from '../../ingest/receipt.ts';

/** A stored line and what was noted when it arrived. */
export interface EventLine extends ReceiptRow {
  readonly id: string;
  readonly line: string;
}

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
  list: ListEventLines,
): Promise<EventLine[]> {
  return query(client, sql<EventLine>`${linesInOrder(list)}`);
}

/** The same, ended early when its lines are many bytes. */
export async function listEventLinesWithinBytes(
  client: Queryable,
  list: ListEventLines,
): Promise<(EventLine & Found)[]> {
  return query(
    client,
    pageWithinBytes(linesInOrder(list), list.filter.order === 'asc' ? sql`id ASC` : sql`id DESC`),
  );
}

function linesInOrder({ filter, scope, after, limit }: ListEventLines) {
  const ascending = filter.order === 'asc';
  const beyond = ascending ? sql`id > ${after}` : sql`id < ${after}`;
  return sql<EventLine & { pageBytes: number }>`
      SELECT id, line, octet_length(line) AS "pageBytes", ${RECEIPT_COLUMNS} FROM events
      WHERE ${allOf([eventFilter(filter, scope), ...(after === undefined ? [] : [beyond])])}
      ORDER BY id ${ascending ? sql`ASC` : sql`DESC`}
      LIMIT ${limit}`;
}
