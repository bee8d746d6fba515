import { expect, test } from 'vitest';
import { matchesStrongly, matchesWeakly, parseEntityTags } from './entity-tags.ts';
import { patient } from '../../../testing/patience.ts';

test.each([
  ['"a"', true, true],
  ['*', true, true],
  [' * ', true, true],
  ['W/"a"', false, true],
  ['"b"', false, false],
  ['"b", "a"', true, true],
  ['"b","a"', true, true],
  ['"b", W/"a"', false, true],
  [', "a" ,', true, true],
  ['"x,y", "a"', true, true],
  ['"b,"a""', false, false],
  ['a', false, false],
  ['"a', false, false],
  ['w/"a"', false, false],
  ['"a" "b"', false, false],
  ['', false, false],
  ['"A"', false, false],
])(
  'the header %s matches the tag "a" in If-Match: %s, in If-None-Match: %s',
  (header, strong, weak) => {
    expect(matchesStrongly(header, '"a"')).toBe(strong);
    expect(matchesWeakly(header, '"a"')).toBe(weak);
  },
);

test('parsing a list of entity tags of 64 KiB takes linear time', () => {
  const header = `${'"a",'.repeat(8_000)}${' '.repeat(30_000)}x`;
  const startedAt = performance.now();
  expect(parseEntityTags(header)).toBeUndefined();
  expect(performance.now() - startedAt).toBeLessThan(patient(1_000));
});
