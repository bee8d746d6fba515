import type { ListFilters } from '../../../contract/event-query.ts';
import { type QueryRange, rangeAt } from '../../../contract/time-range.ts';

/** A time range relative to the current time. */
export type RelativeRange = QueryRange;

export interface MetadataCondition {
  readonly path: string;
  readonly op: 'eq' | 'exists' | 'contains';
  readonly value?: unknown;
}

/** The filter document shared by the explorer, saved views, templates and exports. Time ranges are half-open, UTC. */
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

/** The filters for an export: without the order and page size of a list. */
export function exportFilters(query: EventQuery): EventQuery {
  const { sort: _sort, order: _order, pageSize: _pageSize, ...filters } = query;
  return filters;
}

/** The half-open interval a filter covers, RFC 3339 UTC. A missing bound is open. */
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
