import { expect, test } from 'vitest';
import { addCondition, readConditions, removeCondition } from './metadata-conditions.ts';

test.each([
  ['418', 418],
  ['"418"', '418'],
  ['true', true],
  ['null', null],
  ['late night', 'late night'],
  ['{"a":1}', '{"a":1}'],
  ['', ''],
])('the typed value %s is interpreted as %j', (typed, value) => {
  expect(
    readConditions(addCondition(undefined, { path: ' a.b ', op: 'eq', value: typed })),
  ).toEqual([{ path: 'a.b', op: 'eq', value }]);
});

test('the value of "contains" is always text, and "exists" has no value', () => {
  const contains = addCondition(undefined, { path: 'a', op: 'contains', value: '418' });
  expect(readConditions(contains)).toEqual([{ path: 'a', op: 'contains', value: '418' }]);
  const exists = addCondition(undefined, { path: 'a', op: 'exists', value: 'left over' });
  expect(readConditions(exists)).toEqual([{ path: 'a', op: 'exists' }]);
});

test('a condition is added only once and removed individually', () => {
  const one = { path: 'a', op: 'eq', value: '1' } as const;
  const both = addCondition(addCondition(undefined, one), { ...one, path: 'b' });
  expect(addCondition(both, one)).toBe(both);
  expect(readConditions(removeCondition(both, 0))).toEqual([{ path: 'b', op: 'eq', value: 1 }]);
  expect(removeCondition(removeCondition(both, 0), 0)).toBeUndefined();
});
