import { expect, test } from 'vitest';
import { bucketAt, wholeBuckets } from './touched-buckets.ts';

const days = {
  interval: 'day',
  buckets: [1, 2, 3].map((day) => ({ start: `2026-05-0${day}T00:00:00.000Z`, count: day })),
} as const;
const seconds = (time: string) => Date.parse(time) / 1000;

test('a time belongs to the bucket that contains it, however close the next one is', () => {
  expect(bucketAt(days, seconds('2026-05-02T00:00:00Z'))).toBe(1);
  expect(bucketAt(days, seconds('2026-05-02T23:59:59Z'))).toBe(1);
  expect(bucketAt(days, seconds('2026-05-04T00:00:00Z'))).toBeNull();
  expect(bucketAt(days, seconds('2026-04-30T23:59:59Z'))).toBeNull();
});

test('a drag selects all buckets that it touches', () => {
  expect(
    wholeBuckets(days, seconds('2026-05-01T20:00:00Z'), seconds('2026-05-02T01:00:00Z')),
  ).toEqual({ from: '2026-05-01T00:00:00.000Z', to: '2026-05-03T00:00:00.000Z' });
  expect(
    wholeBuckets(days, seconds('2026-05-02T00:00:00Z'), seconds('2026-05-03T00:00:00Z')),
  ).toEqual({ from: '2026-05-02T00:00:00.000Z', to: '2026-05-03T00:00:00.000Z' });
  expect(
    wholeBuckets(days, seconds('2026-06-01T00:00:00Z'), seconds('2026-06-02T00:00:00Z')),
  ).toBeUndefined();
});
