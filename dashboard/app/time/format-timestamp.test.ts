import { expect, test } from 'vitest';
import {
  formatClock,
  formatInstant,
  formatRelative,
  formatShort,
  zoneLabel,
} from './format-time.ts';
import { formatTimestamp, formatWholeTimestamp, subsecondDigits } from './format-timestamp.ts';

test.each([
  ['2016-12-31T23:59:60Z', 'UTC', '2016-12-31 23:59:60'],
  ['2017-01-01T08:59:60.5+09:00', 'Asia/Tokyo', '2017-01-01 08:59:60'],
  ['2026-05-14t12:00:03.123456789z', 'UTC', '2026-05-14 12:00:03'],
  ['2026-05-15T02:00:03+14:00', 'UTC', '2026-05-14 12:00:03'],
  ['2026-05-14T00:00:00-23:59', 'UTC', '2026-05-14 23:59:00'],
  ['1970-01-01T00:00:00Z', 'America/New_York', '1969-12-31 19:00:00'],
  ['2099-12-31T23:59:59.999999999Z', 'UTC', '2099-12-31 23:59:59'],
])('the accepted timestamp %s is shown in %s as %s', (text, zone, shown) =>
  expect(formatTimestamp(text, zone)).toBe(shown),
);

test('a whole timestamp shows every sub-second digit that was sent', () => {
  expect(formatWholeTimestamp('2026-05-14T14:00:03.120000009+02:00', 'UTC')).toBe(
    '2026-05-14 12:00:03.120000009 UTC',
  );
  expect(formatWholeTimestamp('2026-05-14T12:00:03Z', 'UTC')).toBe('2026-05-14 12:00:03 UTC');
});

test.each(['', 'yesterday', '2026-05-14', '+275760-09-13T00:00:00Z'])(
  'the invalid timestamp %j is shown unchanged',
  (text) => {
    expect(formatTimestamp(text, 'UTC', 3)).toBe(text);
    expect(formatWholeTimestamp(text, 'Europe/Berlin')).toBe(text);
  },
);

test('sub-second digits are shown only for neighbours in the same second, as few as needed', () => {
  expect(
    subsecondDigits([
      '2026-05-14T12:00:05.9Z',
      '2026-05-14T12:00:04.25Z',
      '2026-05-14T12:00:04.125Z',
      '2026-05-14T12:00:03Z',
      '2026-05-14T12:00:03Z',
      '2026-05-14T12:00:02.123456Z',
      '2026-05-14T12:00:02.123455Z',
      'garbage',
      'garbage',
      '2026-05-14T12:00:01.000000001Z',
      '2026-05-14T14:00:01+02:00',
    ]),
  ).toEqual([0, 3, 3, 0, 0, 6, 6, 0, 0, 9, 9]);
});

test('a leap second counts as a separate second', () => {
  expect(subsecondDigits(['2016-12-31T23:59:60.5Z', '2016-12-31T23:59:59.5Z'])).toEqual([0, 0]);
});

test.each([formatClock, formatInstant, formatShort, zoneLabel])(
  'formatting an Invalid Date never throws',
  (format) => {
    for (const zone of ['UTC', 'Europe/Berlin'])
      expect(() => format(new Date('2016-12-31T23:59:60Z'), zone)).not.toThrow();
    expect(formatRelative(new Date(Number.NaN))).toBe('unknown time');
  },
);
