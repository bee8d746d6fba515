import { stringifySearch } from '../search-parameters.ts';
import type { EventSearch } from './event-search.ts';

/** Servers refuse longer addresses (431) when a page is reloaded or a link is opened. */
const MAX_ADDRESS_CHARACTERS = 2000;

const TIME = ['from', 'to', 'range'] as const;

/** Whether an address would be too long to be opened again. */
export function isTooLong(search: EventSearch): boolean {
  return stringifySearch(search).length > MAX_ADDRESS_CHARACTERS;
}

/** The address that holds a saved view and only what differs from it: `base=view`, and `without` for what was removed. */
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

/** What an address with `base=view` means: the view, with the parameters of the address in place of its own. */
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
