import { expect, test } from 'vitest';
import { readRepeats } from './repeats.ts';

test('tests repeat once unless EXHIBIT_TEST_REPEATS says otherwise, and it must be a whole number from 1 to 1000', () => {
  expect([undefined, '', '1', '10', '1000'].map(readRepeats)).toEqual([1, 1, 1, 10, 1000]);
  for (const value of ['0', '1.5', '1001', 'ten', '-1'])
    expect(() => readRepeats(value)).toThrow('EXHIBIT_TEST_REPEATS must be a whole number');
});
