import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { AuditEvent, EventReceipt } from './audit-event.ts';
import { parseEventJson } from './event-json.ts';
import { boundsAt, type EventQuery, type TimeBounds } from './event-query.ts';
import { isProblem } from './problem.ts';
import { call, type CallOptions, getJson, type Parameters, queryString } from './http.ts';

export interface EventPage {
  readonly data: readonly AuditEvent[];
  /** Of each event, at the same position; null: not recorded. */
  readonly receipts: readonly (EventReceipt | null)[];
  /** null after a cursor */
  readonly page: number | null;
  readonly pageSize: number;
  readonly total: number;
  /** false: there are more than `total`. */
  readonly totalExact: boolean;
  readonly nextCursor: string | null;
  /** Bound of the events that had arrived: sent back, it keeps pages still while more arrive. */
  readonly asOf: string;
  /** How many matching events have arrived since the bound that was sent. */
  readonly newer: number;
  /** false: there are more than `newer`. */
  readonly newerExact: boolean;
}

/** An event and its receipt; null: not recorded. */
export interface ReceivedEvent {
  readonly event: AuditEvent;
  readonly receipt: EventReceipt | null;
}

/** A page by its number, or what follows a cursor. */
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
  /** null: no events lie far from all others. Buckets and total include them. */
  readonly outliers: Outliers | null;
}

/** Few events, far before or after all others: [first, last) covers them. */
interface FarEvents {
  readonly count: number;
  readonly first: string;
  readonly last: string;
}

export interface Outliers {
  readonly before: FarEvents | null;
  readonly after: FarEvents | null;
  /** The range of all other events, half-open. */
  readonly from: string;
  readonly to: string;
}

/** With what was counted: a filter may mean another time when it is asked next, buckets are longer than it. */
export interface CountedHistogram extends Histogram {
  readonly bounds: TimeBounds;
}

/** An EventQuery as parameters: lists repeat, `range` stands as `last` or `previous`, metadata is JSON. */
function queryParameters(query: EventQuery): Parameters {
  const { version: _version, metadata, range, ...plain } = query;
  return {
    ...plain,
    ...range,
    ...(metadata !== undefined && { metadata: JSON.stringify(metadata) }),
  };
}

/** A longer address is refused by proxies and servers; the query goes in a body then. */
const MAX_QUERY_CHARACTERS = 2000;

/** Reads with GET, which is easy to follow in logs, unless the filters are too long for an address. */
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

/** For each query, the bound of its first page: what arrives later moves no row to another page. */
const bounds = new Map<string, string>();

/** The next list of any query starts at the moment it is loaded. */
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
        // A bound belongs to the workspaces of its list, which may have changed.
        if (bound === undefined || !isProblem(error, 'VALIDATION_FAILED')) throw error;
        bounds.delete(key);
        return read(undefined);
      });
      // An empty list has nothing to keep still: the first event shows at once.
      if (page.total > 0 && !bounds.has(key)) bounds.set(key, page.asOf);
      return page;
    },
    // A new page or filter shows the old rows, dimmed, until its own are there.
    placeholderData: keepPreviousData,
    // Sharing copies objects key by key, which loses a key of metadata that is called __proto__.
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
      // To the minute: what moves with the clock is not known better by a person who reads it.
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
