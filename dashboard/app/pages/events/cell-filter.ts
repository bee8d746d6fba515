import type { ListParameter } from '../../../../contract/filter-fields.ts';
import type { EventSearch } from '../../events/event-search.ts';

/** A clicked value and the filter parameter that it sets. */
export interface CellFilter {
  readonly parameter: ListParameter;
  readonly value: string;
}

/** Changes filters and drops the page, cursor and open event, which depended on the old ones. */
export function withFilter(
  search: EventSearch,
  change: Partial<Record<keyof EventSearch, unknown>>,
): EventSearch {
  const { page: _page, cursor: _cursor, event: _event, ...kept } = search;
  return Object.fromEntries(
    Object.entries({ ...kept, ...change }).filter(
      ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
    ),
  );
}

/** Adds one value to a list filter; a value it already has changes nothing. */
export function addFilter(search: EventSearch, { parameter, value }: CellFilter): EventSearch {
  const values = search[parameter] ?? [];
  return withFilter(search, { [parameter]: values.includes(value) ? values : [...values, value] });
}
