import { expect, test } from 'vitest';
import { filtersOverView } from './merge-with-view.ts';

test('filters that only the view has are cleared with null, and the others are set', () => {
  const view = {
    version: 1,
    from: '2026-01-01T00:00:00Z',
    to: '2026-02-01T00:00:00Z',
    categories: ['auth'],
    order: 'asc',
  } as const;
  expect(filtersOverView({ version: 1, range: { last: '24h' }, actions: ['a'] }, view)).toEqual({
    range: { last: '24h' },
    actions: ['a'],
    from: null,
    to: null,
    categories: null,
  });
});

test('an unchanged view keeps all its filters', () => {
  const view = { version: 1, range: { previous: 'month' }, categories: ['auth'] } as const;
  expect(filtersOverView(view, view)).toEqual({
    range: { previous: 'month' },
    categories: ['auth'],
  });
});
