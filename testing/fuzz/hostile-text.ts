import * as fc from 'fast-check';

/** Texts with a special meaning in SQL, LIKE, JSON, PostgreSQL arrays, CSV, terminals or editors. */
const PIECES = [
  ...Array.from(`'"\\%_$;-{}[](),.*?+|^:&#@!=<>/~\` aAzZ019`),
  "''",
  '\\\\',
  "\\'",
  "E'",
  "' OR '1'='1",
  "'; DROP TABLE events; --",
  '/*',
  '*/',
  '--',
  '$$',
  '$a$',
  '$1',
  "U&'\\0041'",
  '\\x41',
  '\\u0041',
  '\\n',
  'NULL',
  'null',
  '{a,b}',
  '{}',
  '%s',
  '%_\\',
  '::text',
  '\t',
  '\n',
  '\r',
  '\r\n',
  '\u0001',
  '\b',
  '\u001b',
  '\u007f',
  '\u0080',
  '\u0085',
  '\u00a0',
  '\u00ad',
  '\u200b',
  '\u200f',
  '\u202e',
  '\u2028',
  '\u2029',
  '\ufeff',
  '\ufffd',
  '\ufffe',
  '\uffff',
  '\u{1ffff}',
  '\u{10ffff}',
  'é',
  'e\u0301',
  'ß',
  'ẞ',
  'İ',
  'ı',
  'Σ',
  'σ',
  'ς',
  'Ǆ',
  'K',
  'שלום',
  'مرحبا',
  '😀',
  '👩‍👩‍👧',
  '𐐀',
  '𐐨',
  '＇',
  'ʼ',
] as const;

const piece = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...PIECES) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 2 }) },
);

/** Any text that PostgreSQL can store, of `min` to `max` characters; hostile texts are more likely. */
export function hostileText(max: number, min = 0): fc.Arbitrary<string> {
  return fc
    .array(piece, { maxLength: Math.min(max, 8), minLength: min })
    .map((pieces) => pieces.join('').replaceAll('\u0000', '\u0001').toWellFormed())
    .map((text) => Array.from(text).slice(0, max).join(''));
}
