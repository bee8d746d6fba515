import { expect, test } from 'vitest';
import { foldCase } from './fold-case.ts';

test.each([
  ['anna@example.test', 'anna@example.test'],
  ['Anna.MÜLLER@Example.TEST', 'anna.müller@example.test'],
  ['ΣΑΣ', 'σασ'],
  ['İ', 'i'],
  ['😀A', '😀a'],
  ['', ''],
])('the text %s is compared as %s', (text, folded) => {
  expect(foldCase(text)).toBe(folded);
  expect(foldCase(folded)).toBe(folded);
});
