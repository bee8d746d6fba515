import { expect, test } from 'vitest';
import { type ProgressSample, rateOf, withSample } from './progress-rate.ts';

function watch(...seen: readonly (readonly [atMs: number, attempt: number, rows: number])[]) {
  let samples: readonly ProgressSample[] = [];
  for (const [atMs, attempt, rows] of seen) samples = withSample(samples, { atMs, attempt, rows });
  return rateOf(samples);
}

test('the rate only uses samples of the current attempt', () => {
  expect(watch([0, 1, 0], [1000, 1, 50_000], [600_000, 2, 0], [602_000, 2, 4000])).toBe(2000);
});

test('samples restart when an attempt restarts from zero rows', () => {
  expect(watch([0, 1, 0], [1000, 1, 50_000], [9000, 1, 100], [10_000, 1, 1100])).toBe(1000);
});

test('the rate is unknown with too few samples, and 0 during a stall', () => {
  expect(watch()).toBeUndefined();
  expect(watch([0, 1, 90_000])).toBeUndefined();
  expect(watch([0, 1, 90_000], [100, 1, 91_000])).toBeUndefined();
  expect(watch([0, 1, 90_000], [5000, 1, 90_000])).toBe(0);
});

test('the rate only uses the last 20 seconds', () => {
  expect(watch([0, 1, 0], [1000, 1, 100_000], [30_000, 1, 100_000], [31_000, 1, 100_500])).toBe(
    500,
  );
});
