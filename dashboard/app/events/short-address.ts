import { stringifySearch } from '../search-parameters.ts';
import type { EventSearch } from './event-search.ts';

/** Servers reject longer addresses (431) when a page is reloaded or a link is opened. */
const MAX_ADDRESS_CHARACTERS = 2000;

const TIME = ['from', 'to', 'range'] as const;

/** Whether an address is too long to be reloaded. */
export function isTooLong(search: EventSearch): boolean {
  return stringifySearch(search).length > MAX_ADDRESS_CHARACTERS;
}

/**
 * Shortens an address to a saved view and the differences from it: `base=view`, and `without` for removed parameters.
 */
export function differencesFrom(view: EventSearch, search: EventSearch): EventSearch {
  const changed = Object.entries(search).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(Reflect.get(view, name)),
  );
  const without = Object.keys(view).filter((name) => !(name in search));
  return {
    ...Object.fromEntries(changed),
    ...(search.savedView !== undefined && { savedView: search.savedView }),
    base: 'view',
    ...(without.length > 0 && { without }),
  };
}

/** Expands an address with `base=view`: the view's parameters, overridden by those of the address. */
export function overView(
  view: EventSearch,
  { base: _base, without = [], ...own }: EventSearch,
): EventSearch {
  const hasTime = TIME.some((name) => own[name] !== undefined);
  const kept = Object.entries(view).filter(
    ([name]) => !without.includes(name) && !(hasTime && TIME.some((time) => time === name)),
  );
  return { ...Object.fromEntries(kept), ...own };
}
