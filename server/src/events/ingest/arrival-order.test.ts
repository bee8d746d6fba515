import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeDelay, nextArrival } from './arrival-order.ts';
import { repeated } from '../../../../testing/repeats.ts';

const YEAR = 365 * 86_400_000_000;
const delay = fc.oneof(
  fc.integer({ min: -YEAR, max: 130 * YEAR }),
  fc.integer({ min: -1_000_000, max: 1_000_000 }),
  fc
    .tuple(fc.integer({ min: 0, max: 51 }), fc.integer({ min: -2, max: 2 }))
    .map(([exponent, step]) => 2 ** exponent + step),
);

test('an event that arrives later never has a smaller arrival number', () => {
  fc.assert(
    fc.property(delay, delay, (one, other) => {
      const [earlier, later] = one < other ? [one, other] : [other, one];
      expect(encodeDelay(earlier)).toBeLessThanOrEqual(encodeDelay(later));
    }),
    { numRuns: repeated(2_000) },
  );
});

test('arrival numbers fit 24 bits and leave room above the largest possible delay', () => {
  const since1970 = Date.UTC(2100, 0, 1) * 1000;
  expect(encodeDelay(-200 * YEAR)).toBe(0);
  expect(encodeDelay(since1970)).toBeLessThan(2 ** 24 - 100_000);
});

test.each([
  ['a quarter of a second', 250_000, 1],
  ['a minute', 60_000_000, 300],
  ['a day', 86_400_000_000, 330_000],
  ['a year', YEAR, 135_000_000],
])(
  'two processes order events that arrive after a delay of %s (%d µs) and %d µs apart',
  (_, late, apart) => {
    expect(encodeDelay(late + apart)).toBeGreaterThan(encodeDelay(late));
  },
);

test('arrival numbers of one timestamp ascend even if the clock stands still or moves backwards', () => {
  const micros = Date.UTC(2026, 4, 14) * 1000;
  const clocks = [60e6, 60e6, 60e6, 30e6, 0, -5e6, 60e6].map((late) => micros + late);
  const numbers = clocks.map((now) => nextArrival(micros, now));
  expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
  expect(new Set(numbers).size).toBe(numbers.length);
});

test('arrival numbers of one timestamp ascend after 60,000 other timestamps', () => {
  const micros = Date.UTC(2020, 4, 14) * 1000;
  const now = Date.UTC(2026, 4, 14) * 1000;
  const before = Array.from({ length: 10 }, () => nextArrival(micros, now));
  for (let other = 1; other <= 60_000; other += 1) nextArrival(micros + other, now);
  expect(nextArrival(micros, now)).toBeGreaterThan(Math.max(...before));
});
