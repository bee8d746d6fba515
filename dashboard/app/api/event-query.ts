import type { ListFilters } from '../../../contract/event-query.ts';
import { type QueryRange, rangeAt } from '../../../contract/time-range.ts';

/** A time range that moves with the clock. */
export type RelativeRange = QueryRange;

export interface MetadataCondition {
  readonly path: string;
  readonly op: 'eq' | 'exists' | 'contains';
  readonly value?: unknown;
}

/** The filter document that explorer, saved views, templates and exports share. Times are half-open, UTC. */
export interface EventQuery extends ListFilters {
  readonly version?: 1;
  readonly from?: string;
  readonly to?: string;
  readonly range?: RelativeRange;
  readonly receivedFrom?: string;
  readonly receivedTo?: string;
  readonly search?: string;
  readonly metadata?: readonly MetadataCondition[];
  readonly sort?: 'timestamp';
  readonly order?: 'asc' | 'desc';
  readonly pageSize?: number;
}

/** The same filter as an export sees it: order and page size are a list's. */
export function exportFilters(query: EventQuery): EventQuery {
  const { sort: _sort, order: _order, pageSize: _pageSize, ...filters } = query;
  return filters;
}

/** The half-open interval that a filter covers, RFC 3339 UTC; what is missing is open. */
export interface TimeBounds {
  readonly from?: string;
  readonly to?: string;
}

/** The interval that a filter covers at `now`. */
export function boundsAt({ from, to, range }: EventQuery, now: Date): TimeBounds {
  if (range === undefined)
    return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
  const { fromMs, toMs } = rangeAt(range, now.getTime());
  return { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
}
