import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { AuditEvent, EventReceipt } from './audit-event.ts';
import { parseEventJson } from './event-json.ts';
import { boundsAt, type EventQuery, type TimeBounds } from './event-query.ts';
import { getJson, type Parameters } from './http.ts';

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

export function eventsQuery(query: EventQuery, start: PageStart) {
  return queryOptions({
    queryKey: ['events', 'list', query, start],
    queryFn: ({ signal }) =>
      getJson<EventPage>('/api/dashboard/events', {
        parameters: { ...queryParameters(query), ...start },
        parse: parseEventJson,
        signal,
      }),
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
      const bounds = boundsAt(query, new Date(Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS));
      const histogram = await getJson<Histogram>('/api/dashboard/events/metrics/histogram', {
        parameters: { ...queryParameters(query), groupBy },
        signal,
      });
      return { ...histogram, bounds };
    },
    placeholderData: keepPreviousData,
  });
}

export function filterOptionsQuery(query: EventQuery) {
  return queryOptions({
    queryKey: ['events', 'options', query],
    queryFn: ({ signal }) =>
      getJson<FilterOptions>('/api/dashboard/events/filter-options', {
        parameters: queryParameters(query),
        signal,
      }),
    placeholderData: keepPreviousData,
  });
}
