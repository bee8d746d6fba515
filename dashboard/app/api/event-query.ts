/** A time range that moves with the clock. */
export type RelativeRange =
  | { readonly last: string }
  | { readonly previous: 'day' | 'week' | 'month' };

export interface MetadataCondition {
  readonly path: string;
  readonly op: 'eq' | 'exists' | 'contains';
  readonly value?: unknown;
}

/** The filter document that explorer, saved views, templates and exports share. Times are half-open, UTC. */
export interface EventQuery {
  readonly version?: 1;
  readonly from?: string;
  readonly to?: string;
  readonly range?: RelativeRange;
  readonly workspaceIds?: readonly string[];
  readonly projectIds?: readonly string[];
  readonly categories?: readonly string[];
  readonly actions?: readonly string[];
  readonly actorIds?: readonly string[];
  readonly actorEmails?: readonly string[];
  readonly resourceTypes?: readonly string[];
  readonly resourceIds?: readonly string[];
  readonly tags?: readonly string[];
  readonly traceIds?: readonly string[];
  readonly ipAddresses?: readonly string[];
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
