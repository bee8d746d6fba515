import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createEventId, lowestEventId, microsOfEventId } from './event-id.ts';
import { repeated } from '../../testing/repeats.ts';

const anyMicros = fc.integer({ min: 0, max: Date.UTC(2100, 0, 1) * 1000 - 1 });
/** Two instants that are often close, where an off-by-one would show. */
const twoInstants = fc
  .tuple(anyMicros, fc.oneof(fc.integer({ min: -3000, max: 3000 }), anyMicros))
  .map(([first, step]) => [first, Math.max(0, step < 3001 ? first + step : step)] as const);

test('an id is a UUIDv7 in lower case that holds the milliseconds and scaled microseconds', () => {
  const micros = 0x0123456789ab * 1000 + 999;
  expect(createEventId(micros)).toMatch(/^01234567-89ab-7ffb-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  fc.assert(
    fc.property(anyMicros, (micros) => {
      expect(createEventId(micros)).toMatch(
        /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      );
    }),
  );
});

test('event time ≥ t exactly when id ≥ lowestEventId(t)', () => {
  fc.assert(
    fc.property(twoInstants, ([eventTime, bound]) => {
      expect(createEventId(eventTime) >= lowestEventId(bound)).toBe(eventTime >= bound);
    }),
    { numRuns: repeated(500) },
  );
});

test('an id gives back its event time to the microsecond, for each of the thousand', () => {
  const millis = Date.UTC(2026, 4, 14);
  for (let micros = millis * 1000; micros < millis * 1000 + 1000; micros += 1) {
    expect(microsOfEventId(createEventId(micros))).toBe(micros);
    expect(microsOfEventId(lowestEventId(micros))).toBe(micros);
  }
  fc.assert(
    fc.property(anyMicros, (micros) => {
      expect(microsOfEventId(createEventId(micros))).toBe(micros);
    }),
  );
});

test('ids of one instant are all different', () => {
  const ids = Array.from({ length: 5000 }, () => createEventId(1_700_000_000_000_000));
  expect(new Set(ids).size).toBe(ids.length);
});

test.each([-1, 0.5, Number.NaN, 2 ** 53])('%d is no instant an id could hold', (micros) => {
  expect(() => createEventId(micros)).toThrow(RangeError);
  expect(() => lowestEventId(micros)).toThrow(RangeError);
});

test('ids of one microsecond sort by nanoseconds, then in the order in which they were created', () => {
  const nanos = fc.array(fc.integer({ min: 0, max: 999 }), { minLength: 2, maxLength: 50 });
  fc.assert(
    fc.property(anyMicros, nanos, (micros, all) => {
      const created = all.map((nano, order) => ({ nano, order, id: createEventId(micros, nano) }));
      const expected = created.toSorted((a, b) => a.nano - b.nano || a.order - b.order);
      const sorted = created.toSorted((a, b) => (a.id < b.id ? -1 : 1));
      expect(sorted).toEqual(expected);
      for (const { id } of created) expect(microsOfEventId(id)).toBe(micros);
    }),
  );
});

test('the last 28 bits of an id are random', () => {
  const tails = Array.from({ length: 2000 }, () =>
    Number.parseInt(createEventId(1_700_000_000_000_000).slice(-7), 16),
  );
  expect(new Set(tails).size).toBe(tails.length);
  for (let bit = 0; bit < 28; bit += 1) {
    const ones = tails.filter((tail) => (tail >>> bit) % 2 === 1).length;
    // 2,000 throws of a coin: nine standard deviations.
    expect(Math.abs(ones - 1000)).toBeLessThan(200);
  }
});
