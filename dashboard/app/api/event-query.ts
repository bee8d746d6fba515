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
  readonly apiKeyIds?: readonly string[];
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

const DAY_MS = 86_400_000;
const UNIT_MS: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: DAY_MS,
  w: 7 * DAY_MS,
};

/** What a filter's times mean at `now`, as the server reads them: periods are UTC, weeks begin on Monday. */
export function boundsAt({ from, to, range }: EventQuery, now: Date): TimeBounds {
  if (range === undefined)
    return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
  if ('last' in range) {
    const lengthMs = Number.parseInt(range.last, 10) * (UNIT_MS[range.last.slice(-1)] ?? 0);
    return between(Math.max(0, now.getTime() - lengthMs), now.getTime());
  }
  const [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()];
  if (range.previous === 'month') return between(Date.UTC(year, month - 1), Date.UTC(year, month));
  const today = Date.UTC(year, month, day);
  if (range.previous === 'day') return between(today - DAY_MS, today);
  const monday = today - ((now.getUTCDay() + 6) % 7) * DAY_MS;
  return between(monday - 7 * DAY_MS, monday);
}

function between(fromMs: number, toMs: number): TimeBounds {
  return { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
}
