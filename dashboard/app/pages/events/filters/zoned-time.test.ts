import { expect, test } from 'vitest';
import { instantOf, localOf } from './zoned-time.ts';

test.each([
  ['2026-05-14T12:00', 'UTC', '2026-05-14T12:00:00.000Z'],
  ['2026-05-14T12:00', 'Europe/Berlin', '2026-05-14T10:00:00.000Z'],
  ['2026-01-14T12:00', 'Europe/Berlin', '2026-01-14T11:00:00.000Z'],
  ['2026-01-14T00:15', 'Asia/Kathmandu', '2026-01-13T18:30:00.000Z'],
  ['2026-12-31T23:59', 'America/Los_Angeles', '2027-01-01T07:59:00.000Z'],
])('%s in %s is %s, and back', (local, zone, instant) => {
  expect(instantOf(local, zone).toISOString()).toBe(instant);
  expect(localOf(new Date(instant), zone)).toBe(local.replace('T', ' '));
});

test('an hour that the clocks skip moves on with them', () => {
  expect(localOf(instantOf('2026-03-29T02:30', 'Europe/Berlin'), 'Europe/Berlin')).toMatch(
    / 0[13]:30$/,
  );
});

test('what is no time is an Invalid Date', () => {
  expect(instantOf('2026-13-01T00:00', 'UTC').getTime()).toBeNaN();
});

test('seconds are shown when there are any', () => {
  expect(localOf(new Date('2026-05-14T12:00:30.900Z'), 'UTC')).toBe('2026-05-14 12:00:30');
});
