import type { Queryable } from '../regions/sql.ts';
import { countEventsUpTo, rollupAnswers } from './count-events.ts';
import type { EventScope } from './event-filter.ts';
import type { ResolvedEventQuery } from './event-query.ts';
import { microsOf } from './query-time.ts';
import { findPageHours } from './sql/find-page-hours.ts';
import { listEventLines } from './sql/list-event-lines.ts';
import { formatMicros } from './timestamp.ts';

const HOUR_MICROS = 3_600_000_000;
/** What the rollup cannot count is counted this far; pages end there, cursors do not. */
export const MOST_COUNTED = 10_000;

/** Where a page begins: after so many events, or after the last one of the page before. */
export type PageStart = { readonly offset: number } | { readonly after: string };

interface ListPage {
  readonly filter: ResolvedEventQuery;
  readonly scope: EventScope;
  readonly start: PageStart;
  readonly limit: number;
}

export interface EventPage {
  readonly rows: readonly { readonly id: string; readonly line: string }[];
  readonly total: number;
  /** False: there are at least `total`. */
  readonly totalExact: boolean;
  /** Id after which the next page begins; undefined on the last. */
  readonly next: string | undefined;
}

/** A page of events and how many there are; in a REPEATABLE READ transaction the two agree. */
export async function listPage(client: Queryable, page: ListPage): Promise<EventPage> {
  const { filter, scope, limit } = page;
  const { total, exact } = await countEventsUpTo(client, filter, scope, MOST_COUNTED);
  // One more than asked says whether there is a next page.
  const found = await readRows(client, { ...page, limit: limit + 1 });
  const rows = found.slice(0, limit);
  const next = found.length > limit ? rows.at(-1)?.id : undefined;
  return { rows, total, totalExact: exact, next };
}

async function readRows(client: Queryable, { filter, scope, start, limit }: ListPage) {
  if ('after' in start) return listEventLines(client, { filter, scope, after: start.after, limit });
  const { offset } = start;
  if (!rollupAnswers(filter))
    return listEventLines(client, { filter, scope, after: undefined, limit, offset });
  const hours = await findPageHours(client, { filter, scope, offset, limit });
  if (hours === undefined) return [];
  return listEventLines(client, {
    filter: { ...filter, ...withinHours(filter, hours) },
    scope,
    after: undefined,
    limit,
    offset: offset - hours.before,
  });
}

/** The filter's time range, narrowed to these hours. */
function withinHours(
  { from, to }: ResolvedEventQuery,
  { first, last }: { first: number; last: number },
): { from: string; to: string } {
  const end = last + HOUR_MICROS;
  return {
    from: formatMicros(from === undefined ? first : Math.max(first, microsOf(from))),
    to: formatMicros(to === undefined ? end : Math.min(end, microsOf(to))),
  };
}
