import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { AuditEvent, EventReceipt } from './audit-event.ts';
import { parseEventJson } from './event-json.ts';
import { boundsAt, type EventQuery, type TimeBounds } from './event-query.ts';
import { isProblem } from './problem.ts';
import { call, type CallOptions, getJson, type Parameters, queryString } from './http.ts';

export interface EventPage {
  readonly data: readonly AuditEvent[];
  /** The receipt of each event, by index; null if not recorded. */
  readonly receipts: readonly (EventReceipt | null)[];
  /** null for pages requested by cursor */
  readonly page: number | null;
  readonly pageSize: number;
  readonly total: number;
  /** false if there are more than `total`. */
  readonly totalExact: boolean;
  /** The page ends early because its events are large; `nextCursor` continues. Older servers omit it. */
  readonly truncated?: boolean;
  readonly nextCursor: string | null;
  /**
   * Opaque bound of the events received so far. Sent with later requests, it keeps pages stable while events arrive.
   */
  readonly asOf: string;
  /** Number of matching events received since the bound of the request. */
  readonly newer: number;
  /** false if there are more than `newer`. */
  readonly newerExact: boolean;
}

/** An event and its receipt; null if not recorded. */
export interface ReceivedEvent {
  readonly event: AuditEvent;
  readonly receipt: EventReceipt | null;
}

/** A page by number, or the page after a cursor. */
export type PageStart = { readonly page: number } | { readonly cursor: string };

export interface FilterOption {
  readonly value: string;
  readonly count: number;
}

export interface FilterOptions {
  readonly categories: readonly FilterOption[];
  readonly actions: readonly FilterOption[];
}

interface HistogramBucket {
  readonly start: string;
  readonly count: number;
  readonly groups?: readonly { readonly value: string | null; readonly count: number }[];
}

export interface Histogram {
  readonly interval: 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year';
  readonly buckets: readonly HistogramBucket[];
  readonly total: number;
  /** null if there are no outliers. Buckets and total include outliers. */
  readonly outliers: Outliers | null;
}

/** A few events far before or after all others; the range [first, last) covers them. */
interface FarEvents {
  readonly count: number;
  readonly first: string;
  readonly last: string;
}

export interface Outliers {
  readonly before: FarEvents | null;
  readonly after: FarEvents | null;
  /** Half-open range of all other events. */
  readonly from: string;
  readonly to: string;
}

/**
 * A histogram with its resolved time bounds. The buckets may extend beyond them, and a relative range resolves
 * differently later.
 */
export interface CountedHistogram extends Histogram {
  readonly bounds: TimeBounds;
}

/**
 * An EventQuery as query parameters: lists repeat their name, `range` becomes `last` or `previous`, metadata is JSON.
 */
function queryParameters(query: EventQuery): Parameters {
  const { version: _version, metadata, range, ...plain } = query;
  return {
    ...plain,
    ...range,
    ...(metadata !== undefined && { metadata: JSON.stringify(metadata) }),
  };
}

/** Proxies and servers reject longer URLs; the query is then sent in a body. */
const MAX_QUERY_CHARACTERS = 2000;

/** Reads with GET, which is easy to follow in logs, unless the filters are too long for a URL. */
async function readEvents<Body>(
  paths: { readonly get: string; readonly post: string },
  query: EventQuery,
  own: Readonly<Record<string, string | number | undefined>>,
  options: Pick<CallOptions, 'parse' | 'signal'>,
): Promise<Body> {
  const parameters = { ...queryParameters(query), ...own };
  if (queryString(parameters).length <= MAX_QUERY_CHARACTERS)
    return getJson<Body>(paths.get, { parameters, ...options });
  return (await call<Body>('POST', paths.post, { body: { filters: query, ...own }, ...options }))
    .body;
}

/** The bound of the first page, per query, so that events received later don't move rows between pages. */
const bounds = new Map<string, string>();

/** Clears all bounds, so that the next list of any query shows current events. */
export function forgetBounds(): void {
  bounds.clear();
}

export function eventsQuery(query: EventQuery, start: PageStart) {
  return queryOptions({
    queryKey: ['events', 'list', query, start],
    queryFn: async ({ signal }) => {
      const key = JSON.stringify(query);
      const bound = bounds.get(key);
      const read = (asOf: string | undefined) =>
        readEvents<EventPage>(
          { get: '/api/dashboard/events', post: '/api/dashboard/events/search' },
          query,
          { ...start, asOf },
          { parse: parseEventJson, signal },
        );
      const page = await read(bound).catch((error: unknown) => {
        // A bound belongs to its list's workspaces, and these may have changed.
        if (bound === undefined || !isProblem(error, 'VALIDATION_FAILED')) throw error;
        bounds.delete(key);
        return read(undefined);
      });
      // An empty list needs no bound, so that the first event appears immediately.
      if (page.total > 0 && !bounds.has(key)) bounds.set(key, page.asOf);
      return page;
    },
    // Shows the previous rows, dimmed, until the new page has loaded.
    placeholderData: keepPreviousData,
    // Structural sharing copies objects key by key and would lose a metadata key named __proto__.
    structuralSharing: false,
  });
}

export function eventQuery(id: string) {
  return queryOptions({
    queryKey: ['events', 'one', id],
    queryFn: ({ signal }) =>
      getJson<ReceivedEvent>(`/api/dashboard/events/${encodeURIComponent(id)}?receipt=true`, {
        parse: parseEventJson,
        signal,
      }),
    // Events never change.
    staleTime: Number.POSITIVE_INFINITY,
    structuralSharing: false,
  });
}

const MINUTE_MS = 60_000;

export function histogramQuery(query: EventQuery, groupBy?: 'category' | 'action') {
  return queryOptions({
    queryKey: ['events', 'histogram', query, groupBy],
    queryFn: async ({ signal }): Promise<CountedHistogram> => {
      // Rounded to the minute, which is precise enough for a range relative to the current time.
      const timeBounds = boundsAt(query, new Date(Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS));
      const path = '/api/dashboard/events/metrics/histogram';
      const histogram = await readEvents<Histogram>(
        { get: path, post: path },
        query,
        { groupBy },
        { signal },
      );
      return { ...histogram, bounds: timeBounds };
    },
    placeholderData: keepPreviousData,
  });
}

const OPTIONS_PATH = '/api/dashboard/events/filter-options';

export function filterOptionsQuery(query: EventQuery) {
  return queryOptions({
    queryKey: ['events', 'options', query],
    queryFn: ({ signal }) =>
      readEvents<FilterOptions>({ get: OPTIONS_PATH, post: OPTIONS_PATH }, query, {}, { signal }),
    placeholderData: keepPreviousData,
  });
}
