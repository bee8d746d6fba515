import { expect, test } from 'vitest';
import { sameTime, timeOverlay } from './time-choice.ts';

test('times are equal by meaning, regardless of omitted fields', () => {
  expect(sameTime({}, { from: undefined, range: undefined })).toBe(true);
  expect(sameTime({ range: { last: '7d' } }, { range: { last: '30d' } })).toBe(false);
  expect(sameTime({ from: '2026-05-01T00:00:00Z' }, { to: '2026-05-01T00:00:00Z' })).toBe(false);
});

test('a time overlay replaces all parts of a stored time', () => {
  expect(timeOverlay({ from: '2026-05-01T00:00:00Z' })).toEqual({
    from: '2026-05-01T00:00:00Z',
    to: null,
    range: null,
  });
  expect(timeOverlay({})).toEqual({ from: null, to: null, range: null });
});
