import { expect, test } from 'vitest';
import { parseSearch, stringifySearch } from '../search-parameters.ts';
import { type EventSearch, readEventSearch, searchOfQuery } from './event-search.ts';
import { differencesFrom, isTooLong, overView } from './short-address.ts';

const ID = '0190c3f1-7a2e-7000-8000-000000000001';
const LARGE = {
  actorEmails: Array.from({ length: 100 }, (_, n) => `${'x'.repeat(190)}${n}@acme.test`),
  categories: ['auth'],
  range: { last: '7d' },
} as const;
const VIEW = searchOfQuery(LARGE, ID);

const roundTrip = (search: EventSearch) => {
  const address = stringifySearch(differencesFrom(VIEW, search));
  expect(address.length).toBeLessThan(500);
  return overView(VIEW, readEventSearch(parseSearch(address)));
};

test('a view with 100 values of 200 characters has an address that can be reloaded', () => {
  expect(isTooLong(VIEW)).toBe(true);
  expect(roundTrip(VIEW)).toEqual(VIEW);
});

test('changes to a view survive the round trip through the address', () => {
  const { category: _category, ...rest } = VIEW;
  for (const search of [
    rest,
    { ...VIEW, category: ['billing', 'auth'] },
    { ...rest, range: '30d', q: 'needle', page: 3, order: 'asc' as const },
  ])
    expect(roundTrip(search)).toEqual(search);
  const { range: _range, ...noRange } = VIEW;
  const absolute = { ...noRange, from: '2026-05-01T00:00:00Z', to: '2026-05-02T00:00:00Z' };
  expect(roundTrip(absolute)).toEqual(absolute);
});
