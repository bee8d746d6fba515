import type { EventQuery } from '../../../api/event-query.ts';

/** Whether two filters mean the same. Order and page size don't count. */
export function sameFilters(a: EventQuery, b: EventQuery): boolean {
  return canonical(a) === canonical(b);
}

function canonical({
  version: _version,
  sort: _sort,
  order: _order,
  pageSize: _pageSize,
  ...filters
}: EventQuery): string {
  const sorted = Object.entries(filters)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [
      name,
      Array.isArray(value)
        ? value.map((item) => JSON.stringify(item)).sort()
        : timeOrValue(name, value),
    ])
    .sort(([x], [y]) => (String(x) < String(y) ? -1 : 1));
  return JSON.stringify(sorted);
}

/** Makes `…T00:00:00Z` and `…T00:00:00.000Z` equal. */
function timeOrValue(name: string, value: unknown): unknown {
  return (name === 'from' || name === 'to') && typeof value === 'string'
    ? Date.parse(value)
    : value;
}
