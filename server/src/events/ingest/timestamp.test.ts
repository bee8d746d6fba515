import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatMicros, hourOf, parseTimestamp } from './timestamp.ts';

const NOON = Date.UTC(2026, 4, 14, 12) * 1000;

describe('timestamps are parsed to the microsecond and never rounded', () => {
  test.each([
    ['2026-05-14T12:00:00Z', NOON],
    ['2026-05-14t12:00:00z', NOON],
    ['2026-05-14T12:00:00+00:00', NOON],
    ['2026-05-14T12:00:00-00:00', NOON],
    ['2026-05-14T17:30:00+05:30', NOON],
    ['2026-05-13T12:01:00-23:59', NOON],
    ['2026-05-14T12:00:00.5Z', NOON + 500_000],
    ['2026-05-14T12:00:00.000001Z', NOON + 1],
    ['2026-05-14T12:00:00.0000009Z', NOON],
    ['2026-05-14T12:00:00.123456789Z', NOON + 123_456],
    ['2026-05-14T23:59:59.9999999Z', Date.UTC(2026, 4, 15) * 1000 - 1],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29) * 1000],
    ['2000-02-29T00:00:00Z', Date.UTC(2000, 1, 29) * 1000],
    ['1970-01-01T00:00:00Z', 0],
    ['1969-12-31T23:30:00-01:00', 1_800_000_000],
    ['2099-12-31T23:59:59.999999999Z', Date.UTC(2100, 0, 1) * 1000 - 1],
    ['2100-01-01T00:59:59+01:00', Date.UTC(2099, 11, 31, 23, 59, 59) * 1000],
  ])('the timestamp %s is parsed to the microsecond', (text, micros) => {
    expect(parseTimestamp(text)?.micros).toBe(micros);
  });

  test.each([
    '2016-12-31T23:59:60Z',
    '2016-12-31T23:59:60.9Z',
    '2017-01-01T05:29:60+05:30',
    '2016-12-31T18:59:60-05:00',
  ])('a leap second counts as the nanosecond before it: %s', (text) => {
    const micros = Date.UTC(2017, 0, 1) * 1000 - 1;
    expect(parseTimestamp(text)).toEqual({ micros, nanos: 999 });
  });

  test.each([
    ['.123456789', 789],
    ['.1234567', 700],
    ['.000000001', 1],
    ['.123456', 0],
    ['', 0],
  ])('the nanoseconds of a fraction %s are %i', (fraction, nanos) => {
    expect(parseTimestamp(`2026-05-14T12:00:00${fraction}Z`)?.nanos).toBe(nanos);
  });
});

test.each([
  '',
  '2026-05-14',
  '2026-05-14T12:00:00',
  '2026-05-14 12:00:00Z',
  '2026-05-14T12:00Z',
  '2026-05-14T12:00:00+0530',
  '2026-05-14T12:00:00+5:30',
  '2026-05-14T12:00:00 Z',
  ' 2026-05-14T12:00:00Z',
  '2026-05-14T12:00:00Z\n',
  '2026-05-14T12:00:00.Z',
  '2026-05-14T12:00:00,5Z',
  '2026-05-14T12:00:00.1234567890Z',
  '26-05-14T12:00:00Z',
  '+002026-05-14T12:00:00Z',
  '٢٠٢٦-05-14T12:00:00Z',
  '2026-00-14T12:00:00Z',
  '2026-13-14T12:00:00Z',
  '2026-05-00T12:00:00Z',
  '2026-04-31T12:00:00Z',
  '2026-02-29T12:00:00Z',
  '2100-02-29T12:00:00Z',
  '2026-05-14T24:00:00Z',
  '2026-05-14T12:60:00Z',
  '2026-05-14T12:00:61Z',
  '2026-05-14T12:00:60Z',
  '2016-12-31T22:59:60Z',
  '2016-12-31T23:59:60+01:00',
  '2026-05-14T12:00:00+24:00',
  '2026-05-14T12:00:00+01:60',
  '1969-12-31T23:59:59.999999Z',
  '1970-01-01T00:30:00+01:00',
  '2100-01-01T00:00:00Z',
  '2099-12-31T23:30:00-01:00',
  '0070-01-01T00:00:00Z',
])('the timestamp %j is refused', (text) => {
  expect(parseTimestamp(text)).toBeUndefined();
});

const anyMicros = fc.integer({ min: 0, max: Date.UTC(2100, 0, 1) * 1000 - 1 });

test('every formatted microsecond is parsed back to the same value', () => {
  fc.assert(
    fc.property(anyMicros, (micros) => {
      expect(parseTimestamp(formatMicros(micros))).toEqual({ micros, nanos: 0 });
    }),
  );
});

test.each([
  [NOON, '2026-05-14T12:00:00Z'],
  [NOON + 1, '2026-05-14T12:00:00.000001Z'],
  [NOON + 120_000, '2026-05-14T12:00:00.12Z'],
  [0, '1970-01-01T00:00:00Z'],
])('the time of %d microseconds is written %s', (micros, text) => {
  expect(formatMicros(micros)).toBe(text);
});

test('hourOf returns the start of the UTC hour of an instant', () => {
  expect(hourOf(NOON)).toBe(NOON);
  expect(hourOf(NOON + 3_599_999_999)).toBe(NOON);
  expect(hourOf(NOON + 3_600_000_000)).toBe(NOON + 3_600_000_000);
});
