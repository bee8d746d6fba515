import { expect, test } from 'vitest';
import { instantOf, localOf, resolveLocal } from './zoned-time.ts';

test.each([
  ['2026-05-14T12:00', 'UTC', '2026-05-14T12:00:00.000Z'],
  ['2026-05-14T12:00', 'Europe/Berlin', '2026-05-14T10:00:00.000Z'],
  ['2026-01-14T12:00', 'Europe/Berlin', '2026-01-14T11:00:00.000Z'],
  ['2026-01-14T00:15', 'Asia/Kathmandu', '2026-01-13T18:30:00.000Z'],
  ['2026-12-31T23:59', 'America/Los_Angeles', '2027-01-01T07:59:00.000Z'],
])('the local time %s in %s is %s, and converts back', (local, zone, instant) => {
  expect(instantOf(local, zone).toISOString()).toBe(instant);
  expect(localOf(new Date(instant), zone)).toBe(local.replace('T', ' '));
});

test('a skipped local time resolves to a later instant', () => {
  expect(localOf(instantOf('2026-03-29T02:30', 'Europe/Berlin'), 'Europe/Berlin')).toMatch(
    / 0[13]:30$/,
  );
});

test('parsing an invalid time returns Invalid Date', () => {
  expect(instantOf('2026-13-01T00:00', 'UTC').getTime()).toBeNaN();
});

test('a local time shows seconds only if they are not zero', () => {
  expect(localOf(new Date('2026-05-14T12:00:30.900Z'), 'UTC')).toBe('2026-05-14 12:00:30');
});

test('a time that clocks skip in spring has a problem text', () => {
  const { problem } = resolveLocal('2026-03-29T02:30', 'Europe/Berlin');
  expect(problem).toBe(
    "This time doesn't exist in Europe/Berlin: clocks skip it when they move forward to +02:00.",
  );
  for (const local of ['2026-03-29T01:59', '2026-03-29T03:00'])
    expect(resolveLocal(local, 'Europe/Berlin')).toEqual({ at: expect.any(Date) });
});

test('a time that occurs twice in autumn resolves to the first and has a note', () => {
  const { at, note, problem } = resolveLocal('2026-10-25T02:30', 'Europe/Berlin');
  expect(at.toISOString()).toBe('2026-10-25T00:30:00.000Z');
  expect(note).toContain('twice');
  expect(note).toContain('+01:00');
  expect(problem).toBeUndefined();
});

test('a day whose midnight is skipped starts at its first instant', () => {
  expect(instantOf('2024-04-26T00:00', 'Africa/Cairo').toISOString()).toBe(
    '2024-04-25T22:00:00.000Z',
  );
});

test('half-hour clock changes and zones west of UTC are resolved', () => {
  expect(resolveLocal('2026-10-04T02:15', 'Australia/Lord_Howe').problem).toMatch(/doesn't exist/);
  expect(resolveLocal('2026-04-05T01:45', 'Australia/Lord_Howe').note).toMatch(/twice/);
  expect(resolveLocal('2026-03-08T02:30', 'America/New_York').problem).toMatch(/doesn't exist/);
  expect(resolveLocal('2026-11-01T01:30', 'America/New_York').note).toMatch(/twice/);
});
