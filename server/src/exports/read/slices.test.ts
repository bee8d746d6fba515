import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lowestEventId, microsOfEventId } from '../../event-id.ts';
import { halve, planSlices, rangeAfter, type SliceSize } from './slices.ts';

const HOUR = 3_600_000_000;
const FIRST = Date.UTC(2026, 0, 1) * 1000;

const hours = fc
  .array(fc.record({ hour: fc.nat(2000), count: fc.integer({ min: 1, max: 5000 }) }), {
    maxLength: 50,
  })
  .map((list) =>
    [...new Map(list.map(({ hour, count }) => [hour, count]))]
      .sort(([a], [b]) => a - b)
      .map(([hour, count]) => ({ micros: FIRST + hour * HOUR, count, matching: count % 7 })),
  );

const bound = fc.option(
  fc
    .nat(2000 * 60)
    .map((minute) => new Date(FIRST / 1000 + minute * 60_000).toISOString().replace('.000', '')),
  { nil: undefined },
);

test('slices are adjacent and cover the whole time range, for any counts', () => {
  fc.assert(
    fc.property(
      hours,
      fc.record({
        rows: fc.integer({ min: 1, max: 10_000 }),
        matching: fc.integer({ min: 1, max: 9 }),
      }),
      bound,
      bound,
      (counts, size, a, b) => {
        const [from, to] = a !== undefined && b !== undefined && a > b ? [b, a] : [a, b];
        fc.pre(from === undefined || from !== to);
        const filter = {
          version: 1 as const,
          ...(from === undefined ? {} : { from }),
          ...(to === undefined ? {} : { to }),
        };
        const slices = planSlices(filter, counts, size);
        expect(slices[0]?.lower).toBe(
          lowestEventId(from === undefined ? 0 : Date.parse(from) * 1000),
        );
        expect(slices.at(-1)?.upper).toBe(
          lowestEventId(to === undefined ? Date.UTC(2100, 0, 1) * 1000 : Date.parse(to) * 1000),
        );
        for (const [index, { lower, upper }] of slices.entries()) {
          expect(lower < upper).toBe(true);
          if (index > 0) expect(lower).toBe(slices[index - 1]?.upper);
        }
      },
    ),
  );
});

test('a slice has about the requested number of events, and a dense hour has its own slices', () => {
  const counts = [10, 10, 10, 90, 10, 10].map((count, index) => ({
    micros: FIRST + index * HOUR,
    count,
    matching: 0,
  }));
  const starts = (hours: typeof counts, size: SliceSize) =>
    planSlices({ version: 1 }, hours, size)
      .slice(1)
      .map(({ lower }) => (microsOfEventId(lower) - FIRST) / HOUR);
  expect(starts(counts, { rows: 25, matching: 5 })).toEqual([2, 3, 3.25, 3.5, 3.75, 4]);
  const matching = counts.map((hour) => ({ ...hour, matching: hour.count / 10 }));
  expect(starts(matching, { rows: 1000, matching: 4 })).toEqual([3, 3 + 1 / 3, 3 + 2 / 3, 4]);
});

test('two halves cover the range, and a single instant cannot be halved', () => {
  const range = { lower: lowestEventId(FIRST), upper: lowestEventId(FIRST + 10) };
  const [first, second] = halve(range) ?? [];
  expect(first).toEqual({ lower: range.lower, upper: lowestEventId(FIRST + 5) });
  expect(second).toEqual({ lower: lowestEventId(FIRST + 5), upper: range.upper });
  expect(halve({ lower: lowestEventId(FIRST), upper: lowestEventId(FIRST + 1) })).toBeUndefined();
});

test('the range after an ID starts with the next possible ID', () => {
  const range = { lower: lowestEventId(FIRST), upper: lowestEventId(FIRST + 10) };
  expect(rangeAfter(range, '018bcfe5-6800-7000-97b3-e24bf48fffff').lower).toBe(
    '018bcfe5-6800-7000-97b3-e24bf4900000',
  );
  expect(rangeAfter(range, '00ffffff-ffff-ffff-ffff-ffffffffffff').lower).toBe(
    '01000000-0000-0000-0000-000000000000',
  );
});
