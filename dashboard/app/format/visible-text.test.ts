import { expect, test } from 'vitest';
import { visibleText, visibleValue } from './visible-text.ts';

test.each([
  ['invoice\u202egpj.exe', 'invoice\\u202egpj.exe'],
  ['a\u2066b\u2069', 'a\\u2066b\\u2069'],
  ['\u0301\u0302', '◌\u0301\u0302'],
  ['pass\u200bword', 'pass\\u200bword'],
  ['ad\u200dmin', 'ad\\u200dmin'],
  ['a\ufeffb\u00adc', 'a\\ufeffb\\u00adc'],
  ['line\u2028end', 'line\\u2028end'],
  ['tag\u{e0061}', 'tag\\u{e0061}'],
  ['\u001b[31mred\u0007', '\\u001b[31mred\\u0007'],
])('visibleText escapes the invisible characters of %j', (text, shown) =>
  expect(visibleText(text)).toBe(shown),
);

test.each(['two\n\tlines\r\n', 'تسجيل\u200fالدخول', '👩🏽‍💻 é', '\\u202e'])(
  'visibleText leaves %j unchanged',
  (text) => expect(visibleText(text)).toBe(text),
);

test.each([
  ['', '""'],
  ['  ', '"  "'],
  ['\u200b\ufeff', '"\\u200b\\ufeff"'],
  ['a', 'a'],
  [null, 'null'],
  [['x', 1], '[\n  "x",\n  1\n]'],
])('the field value %j is shown as %s', (value, shown) => expect(visibleValue(value)).toBe(shown));
