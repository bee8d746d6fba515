/*
 * Reading events for people: pages, histograms, and the bounds that keep both fast. Each holds one connection of the
 * read pool while its query runs.
 */
import type { Queryable } from '../../regions/sql.ts';
import { countEventsUpTo, rollupAnswers } from '../rollup/count-events.ts';
import type { EventScope } from '../query/event-filter.ts';
import type { ResolvedEventQuery } from '../../../../contract/event-query.ts';
import { microsOf } from '../query/query-time.ts';
import { findPageHours, type PageHours } from './sql/find-page-hours.ts';
import { PAGE_BYTES } from '../../regions/page-within-bytes.ts';
import { findLargeLines } from './sql/find-large-lines.ts';
import { type EventLine, type ListedEvent, listEvents } from './sql/list-event-lines.ts';
import { listLinesAt } from './sql/list-lines-at.ts';
import { formatMicros } from '../ingest/timestamp.ts';
import { withinExistingEvents } from './within-existing-events.ts';

const HOUR_MICROS = 3_600_000_000;
/** Events are counted up to this number if the rollup cannot count them. Page numbers end there; cursors continue. */
export const MAX_COUNTED = 10_000;

/** Start of a page: after this many events, or after the last event of the previous page. */
export type PageStart = { readonly offset: number } | { readonly after: string };

interface ListPage {
  readonly filter: ResolvedEventQuery;
  readonly scope: EventScope;
  readonly start: PageStart;
  readonly limit: number;
}

export interface EventPage {
  readonly rows: readonly EventLine[];
  readonly total: number;
  /** False if `total` is only a lower bound. */
  readonly totalExact: boolean;
  /** The page ends early because its lines have many bytes; `next` continues after its last event. */
  readonly truncated: boolean;
  /** ID after which the next page starts; undefined on the last page. */
  readonly next: string | undefined;
}

/** A page of events and the total number; the two are consistent within a REPEATABLE READ transaction. */
export async function listPage(client: Queryable, page: ListPage): Promise<EventPage> {
  const { limit, scope } = page;
  const filter = await withinExistingEvents(client, page.filter, scope);
  // One more row than requested shows whether there is a next page.
  const { found, total, exact } = await readPage(client, { ...page, filter, limit: limit + 1 });
  const whole = found.slice(0, limit);
  const kept = withinBytes(whole);
  const next = found.length > kept.length ? kept.at(-1)?.id : undefined;
  const rows = await withLines(client, scope, kept);
  return { rows, total, totalExact: exact, truncated: kept.length < whole.length, next };
}

/** The first events, up to the one that reaches the size of a page: never none while there is one. */
function withinBytes(events: readonly ListedEvent[]): readonly ListedEvent[] {
  let before = 0;
  const end = events.findIndex(({ bytes }) => {
    const isBeyond = before >= PAGE_BYTES;
    before += bytes;
    return isBeyond;
  });
  return end === -1 ? events : events.slice(0, end);
}

async function withLines(
  client: Queryable,
  scope: EventScope,
  events: readonly ListedEvent[],
): Promise<EventLine[]> {
  const large = events.filter(({ line }) => line === null).map(({ id }) => id);
  const lines = await findLargeLines(client, scope, large);
  return events.map(({ bytes: _counted, ...event }) => {
    const line = event.line ?? lines.get(event.id);
    // The transaction reads one snapshot, so an event that was listed cannot be missing.
    if (line === undefined) throw new Error(`the line of event ${event.id} is missing`);
    return { ...event, line };
  });
}

interface Read {
  readonly found: readonly ListedEvent[];
  readonly total: number;
  readonly exact: boolean;
}

async function readPage(client: Queryable, page: ListPage): Promise<Read> {
  const { filter, scope, start, limit } = page;
  if ('offset' in start && rollupAnswers(filter)) {
    // Both results come from one read of the rollup, which is the main cost of a page in a busy month.
    const { total, hours } = await findPageHours(client, { filter, scope, ...start, limit });
    const found = hours === undefined ? [] : await readHours(client, page, hours, start.offset);
    return { found, total, exact: true };
  }
  const found =
    'after' in start
      ? await listEvents(client, { filter, scope, after: start.after, limit })
      : await listLinesAt(client, { filter, scope, ...start, limit });
  const total = 'after' in start ? undefined : totalOfLastPage(found, start.offset, limit);
  if (total !== undefined) return { found, total, exact: true };
  return { found, ...(await countEventsUpTo(client, filter, scope, MAX_COUNTED)) };
}

/**
 * A page that is not full is the last one, so its rows give the total: a search with few results reads its range only
 * once.
 */
function totalOfLastPage(
  found: readonly ListedEvent[],
  offset: number,
  limit: number,
): number | undefined {
  const isLast = found.length < limit && (found.length > 0 || offset === 0);
  return isLast ? offset + found.length : undefined;
}

async function readHours(
  client: Queryable,
  { filter, scope, limit }: Omit<ListPage, 'start'>,
  hours: PageHours,
  offset: number,
) {
  const skipped = offset - hours.before;
  const rows = await readWithinHour(client, { filter, scope, limit }, hours, skipped);
  if (rows.length === limit || hours.first === hours.last) return rows;
  const narrowed = { ...filter, ...withinHours(filter, hours.first, hours.last) };
  const rest = { filter: narrowed, scope, after: rows.at(-1)?.id, limit: limit - rows.length };
  return [...rows, ...(await listEvents(client, rest))];
}

/** Rows of this page within its first hour, scanned from whichever end of the hour is closer. */
async function readWithinHour(
  client: Queryable,
  { filter, scope, limit }: Omit<ListPage, 'start'>,
  { first, last, within }: PageHours,
  skipped: number,
) {
  const hour = filter.order === 'asc' ? first : last;
  const narrowed = { ...filter, ...withinHours(filter, hour, hour) };
  const taken = Math.min(limit, within - skipped);
  const left = within - skipped - taken;
  if (skipped <= left)
    return listLinesAt(client, { filter: narrowed, scope, offset: skipped, limit: taken });
  const rows = await listLinesAt(client, {
    filter: { ...narrowed, order: filter.order === 'asc' ? 'desc' : 'asc' },
    scope,
    offset: left,
    limit: taken,
  });
  return rows.toReversed();
}

/** Time range of the filter, narrowed to these hours. */
function withinHours(
  { from, to }: ResolvedEventQuery,
  first: number,
  last: number,
): { from: string; to: string } {
  const end = last + HOUR_MICROS;
  return {
    from: formatMicros(from === undefined ? first : Math.max(first, microsOf(from))),
    to: formatMicros(to === undefined ? end : Math.min(end, microsOf(to))),
  };
}
