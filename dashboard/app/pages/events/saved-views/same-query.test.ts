import { expect, test } from 'vitest';
import { sameFilters } from './same-query.ts';

test('filters are equal regardless of value order, timestamp format and page size', () => {
  const view = { version: 1, categories: ['a', 'b'], from: '2026-05-01T00:00:00Z' } as const;
  expect(
    sameFilters(view, {
      from: '2026-05-01T00:00:00.000Z',
      categories: ['b', 'a'],
      pageSize: 100,
      order: 'asc',
    }),
  ).toBe(true);
});

test('filters with another value, field or time are not equal', () => {
  const view = { categories: ['a'], range: { last: '24h' } } as const;
  expect(sameFilters(view, { categories: ['b'], range: { last: '24h' } })).toBe(false);
  expect(sameFilters(view, { categories: ['a'], range: { last: '7d' } })).toBe(false);
  expect(sameFilters(view, { categories: ['a'], range: { last: '24h' }, search: 'x' })).toBe(false);
});
