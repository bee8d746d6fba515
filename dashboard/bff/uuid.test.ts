import { expect, test } from 'vitest';
import { UUID, uuidV7 } from './uuid.ts';

test('ids created within one millisecond sort in the order in which they were created', () => {
  const now = Date.UTC(2026, 4, 14);
  const ids = Array.from({ length: 10_000 }, () => uuidV7(now));
  expect(ids).toEqual(ids.toSorted());
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(UUID);
});

test('ids keep ascending if the clock moves back a little, and follow the clock if it moves back far', () => {
  const now = Date.UTC(2030, 4, 14);
  const before = uuidV7(now);
  expect(uuidV7(now - 500) > before).toBe(true);
  expect(uuidV7(now - 3_600_000) < before).toBe(true);
});
