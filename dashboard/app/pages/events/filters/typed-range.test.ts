import { expect, test } from 'vitest';
import { readTypedRange } from './typed-range.ts';
import { resolveLocal } from './zoned-time.ts';

const utc = (local: string) => ({ at: new Date(`${local}Z`) });
const berlin = (local: string) => resolveLocal(local, 'Europe/Berlin');
const read = (text: string) => readTypedRange(text, utc);

test.each([
  ['3d', '3d'],
  ['45 min', '45m'],
  ['last 2 weeks', '2w'],
  ['24H', '24h'],
  ['007d', '7d'],
  ['all time', 'all'],
  ['yesterday', 'previous:day'],
  ['previous month', 'previous:month'],
  ['last hour', '1h'],
  ['Last week', 'previous:week'],
])('the typed range %s means %s', (text, range) => expect(read(text)).toEqual({ range }));

test.each([
  ['2026-05-01 .. 2026-05-14', '2026-05-01T00:00:00.000Z', '2026-05-15T00:00:00.000Z'],
  ['2026-05-14', '2026-05-14T00:00:00.000Z', '2026-05-15T00:00:00.000Z'],
  [
    '2026-05-14 12:00 to 2026-05-14 12:30:15',
    '2026-05-14T12:00:00.000Z',
    '2026-05-14T12:30:15.000Z',
  ],
])('the typed range %s is from %s to %s (exclusive)', (text, from, to) =>
  expect(read(text)).toEqual({ from, to }),
);

test('a typed day lasts 23 or 25 hours when clocks change', () => {
  expect(readTypedRange('2026-03-29', berlin)).toEqual({
    from: '2026-03-28T23:00:00.000Z',
    to: '2026-03-29T22:00:00.000Z',
  });
});

test('a typed range ending now has an open end', () => {
  expect(read('2026-05-14 12:00 .. now')).toEqual({ from: '2026-05-14T12:00:00.000Z' });
});

test.each([
  '',
  '0d',
  '9999d',
  '3 moons',
  '2026-13-01',
  '2026-02-31',
  '2026-05-01 25:00',
  '2026-05-14 .. 2026-05-01',
  'soon',
  '1..2..3',
])('the typed range %j is rejected with a reason', (text) =>
  expect(read(text)).toMatchObject({ problem: expect.stringMatching(/\w/) as string }),
);

test('a skipped typed time is rejected, a repeated one has a note, and an offset resolves it', () => {
  expect(readTypedRange('2026-03-29 02:30 .. now', berlin)).toMatchObject({
    problem: expect.stringContaining("doesn't exist") as string,
  });
  expect(readTypedRange('2026-10-25 02:30 .. now', berlin)).toMatchObject({
    from: '2026-10-25T00:30:00.000Z',
    note: expect.stringContaining('twice') as string,
  });
  expect(readTypedRange('2026-10-25 02:30 +01:00 .. now', berlin)).toEqual({
    from: '2026-10-25T01:30:00.000Z',
  });
});
