import { expect, test } from 'vitest';
import { formatRange } from './format-range.ts';

const NOW = new Date('2026-11-30T12:00:00Z');
const shown = (from: string | undefined, to: string | undefined, zone = 'UTC') =>
  formatRange({ from, to }, zone, NOW);

test('a range of whole days shows the last included day', () => {
  expect(shown('2026-07-01T00:00:00Z', '2026-10-01T00:00:00Z')).toBe('1 Jul – 30 Sep 2026 (UTC)');
  expect(shown('2026-05-01T00:00:00Z', '2026-05-15T00:00:00.000Z')).toBe('1 – 14 May 2026 (UTC)');
  expect(shown('2026-05-14T00:00:00Z', '2026-05-15T00:00:00Z')).toBe('14 May 2026 (UTC)');
  expect(shown('2025-12-01T00:00:00Z', '2026-02-01T00:00:00Z')).toBe(
    '1 Dec 2025 – 31 Jan 2026 (UTC)',
  );
  expect(shown('2026-03-27T23:00:00Z', '2026-03-29T22:00:00Z', 'Europe/Berlin')).toBe(
    '28 – 29 Mar 2026 (Europe/Berlin)',
  );
});

test('an open range shows its only bound', () => {
  expect(shown('2026-07-01T00:00:00Z', undefined)).toBe('Since 1 Jul 2026 (UTC)');
  expect(shown(undefined, '2026-10-01T00:00:00Z')).toBe('Through 30 Sep 2026 (UTC)');
  expect(shown(undefined, '2026-10-01T12:00:00Z')).toBe('Before 1 Oct 12:00 UTC');
  expect(shown(undefined, undefined)).toBe('All time');
});

test('a range whose ends have different UTC offsets shows both', () => {
  expect(shown('2026-03-28T11:00:00Z', '2026-03-30T10:00:00Z', 'Europe/Berlin')).toBe(
    '28 Mar 12:00 +01:00 – 30 Mar 12:00 +02:00',
  );
  expect(shown('2026-03-27T11:00:00Z', '2026-03-28T11:00:00Z', 'Europe/Berlin')).toBe(
    '27 Mar 12:00 – 28 Mar 12:00 +01:00',
  );
});

test('a range shows seconds and fractions only if they are not zero', () => {
  expect(shown('2026-05-14T12:00:00Z', '2026-05-14T12:30:15.25Z')).toBe(
    '14 May 12:00 – 14 May 12:30:15.25 UTC',
  );
  expect(shown('2026-05-14T00:00:00.000001Z', '2026-05-15T00:00:00Z')).toBe(
    '14 May 00:00:00.000001 – 15 May 00:00 UTC',
  );
});

test('formatting a range with an invalid bound does not throw', () => {
  expect(() => shown('garbage', '2026-05-15T00:00:00Z', 'Europe/Berlin')).not.toThrow();
});
