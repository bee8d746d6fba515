import type { ListParameter } from '../../../../contract/filter-fields.ts';
import type { EventSearch } from '../../events/event-search.ts';

/** A value that somebody clicked, and the filter it becomes. */
export interface CellFilter {
  readonly parameter: ListParameter;
  readonly value: string;
}

/** The filter changed: what depended on the old one goes. */
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

/** Adds one value to a list filter; a value that is there already changes nothing. */
export function addFilter(search: EventSearch, { parameter, value }: CellFilter): EventSearch {
  const values = search[parameter] ?? [];
  return withFilter(search, { [parameter]: values.includes(value) ? values : [...values, value] });
}
