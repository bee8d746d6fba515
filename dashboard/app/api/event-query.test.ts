import { expect, test } from 'vitest';
import { boundsAt } from './event-query.ts';

// A Sunday: the previous week is not the one that ends today.
const now = new Date('2026-03-01T12:34:56.789Z');

test.each([
  [{ last: '45m' }, '2026-03-01T11:49:56.789Z', '2026-03-01T12:34:56.789Z'],
  [{ last: '2w' }, '2026-02-15T12:34:56.789Z', '2026-03-01T12:34:56.789Z'],
  [{ last: '3650d' }, '2016-03-03T12:34:56.789Z', '2026-03-01T12:34:56.789Z'],
  [{ previous: 'day' }, '2026-02-28T00:00:00.000Z', '2026-03-01T00:00:00.000Z'],
  [{ previous: 'week' }, '2026-02-16T00:00:00.000Z', '2026-02-23T00:00:00.000Z'],
  [{ previous: 'month' }, '2026-02-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z'],
] as const)('the range %j is from %s to %s (exclusive)', (range, from, to) => {
  expect(boundsAt({ range }, now)).toEqual({ from, to });
});

test('in January the previous month is in the previous year', () => {
  expect(boundsAt({ range: { previous: 'month' } }, new Date('2026-01-10T00:00:00Z'))).toEqual({
    from: '2025-12-01T00:00:00.000Z',
    to: '2026-01-01T00:00:00.000Z',
  });
});

test('an open bound stays open', () => {
  expect(boundsAt({ from: '2026-01-01T00:00:00Z' }, now)).toEqual({ from: '2026-01-01T00:00:00Z' });
  expect(boundsAt({}, now)).toEqual({});
});
