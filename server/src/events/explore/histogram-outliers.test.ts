import { describe, expect, test } from 'vitest';
import { bucketsOf, chooseInterval, HISTOGRAM_INTERVALS } from './histogram-interval.ts';
import { findOutliers } from './histogram-outliers.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const cluster = (first: string, last: string, count: number) => ({
  first: new Date(first),
  last: new Date(last),
  count,
});
const CORE = cluster('2026-01-05T08:00:00Z', '2026-11-22T11:00:00Z', 1_000);
const OLD = cluster('1970-01-01T00:00:00Z', '1970-01-01T00:00:00Z', 1);
const FAR = cluster('2099-12-31T23:00:00Z', '2099-12-31T23:00:00Z', 1);

describe('far outliers of a histogram', () => {
  test('events in 1970 and 2099 are reported as outliers before and after the other events', () => {
    expect(findOutliers([OLD, CORE, FAR], NOW)).toEqual({
      before: { count: 1, first: '1970-01-01T00:00:00.000Z', last: '1970-01-01T01:00:00.000Z' },
      after: { count: 1, first: '2099-12-31T23:00:00.000Z', last: '2100-01-01T00:00:00.000Z' },
      from: '2026-01-05T08:00:00.000Z',
      to: '2026-11-22T12:00:00.000Z',
    });
  });

  test('outliers on one side only are reported for that side only', () => {
    expect(findOutliers([OLD, CORE], NOW)).toMatchObject({ before: { count: 1 }, after: null });
    expect(findOutliers([CORE, FAR], NOW)).toMatchObject({ before: null, after: { count: 1 } });
  });

  test('the event closest to now is the core if there are three single events', () => {
    const single = cluster('2026-05-14T12:00:00Z', '2026-05-14T12:00:00Z', 1);
    expect(findOutliers([OLD, single, FAR], NOW)).toMatchObject({
      from: '2026-05-14T12:00:00.000Z',
      to: '2026-05-14T13:00:00.000Z',
    });
  });

  test('a pause between two busy periods is not an outlier', () => {
    const busy = cluster('2020-01-01T00:00:00Z', '2020-03-01T00:00:00Z', 800);
    expect(findOutliers([busy, CORE], NOW)).toBeNull();
    expect(findOutliers([busy, CORE, FAR], NOW)).toMatchObject({
      before: null,
      after: { count: 1 },
      from: '2020-01-01T00:00:00.000Z',
    });
  });

  test('a gap that is short compared with the time range of the other events is not an outlier', () => {
    const earlier = cluster('2025-06-01T00:00:00Z', '2025-06-01T00:00:00Z', 1);
    expect(findOutliers([earlier, CORE], NOW)).toBeNull();
  });

  test('a histogram with no events or one cluster has no outliers', () => {
    expect(findOutliers([], NOW)).toBeNull();
    expect(findOutliers([CORE], NOW)).toBeNull();
  });
});

describe('the interval of a histogram', () => {
  test('the chosen interval gives at most 201 buckets for every range of accepted times', () => {
    const end = Date.UTC(2100, 0);
    for (let length = 1; length < end; length = Math.ceil(length * 1.7)) {
      for (const from of [0, 12_345_678, end - length]) {
        const to = Math.min(end, from + length);
        const interval = chooseInterval(from, to);
        expect(bucketsOf(interval, from, to).length, `${interval} ${length}`).toBeLessThan(203);
      }
    }
    expect(chooseInterval(0, end)).toBe('year');
    expect(bucketsOf('year', 0, end)).toHaveLength(130);
  });

  test('buckets of every interval are adjacent and cover the range', () => {
    const from = Date.parse('2023-12-31T23:30:15.5Z');
    for (const interval of HISTOGRAM_INTERVALS) {
      const to = Date.parse(
        interval === 'minute' ? '2024-01-01T01:30:00Z' : '2024-03-01T00:30:00Z',
      );
      const starts = bucketsOf(interval, from, to);
      expect(starts[0]).toBeLessThanOrEqual(from);
      expect(starts[1] ?? Infinity).toBeGreaterThan(from);
      expect(starts.at(-1)).toBeLessThan(to);
      expect(new Set(starts).size).toBe(starts.length);
    }
    const months = bucketsOf('month', from, Date.parse('2024-03-01T00:30:00Z'));
    expect(months.map((start) => new Date(start).toISOString().slice(0, 10))).toEqual([
      '2023-12-01',
      '2024-01-01',
      '2024-02-01',
      '2024-03-01',
    ]);
  });
});
