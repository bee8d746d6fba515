import * as fc from 'fast-check';

const codePoint = fc.string({ unit: 'binary', minLength: 1, maxLength: 1 });
const piece = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 5 }).map((text) => JSON.stringify(text).slice(1, -1)),
  codePoint.map((text) => JSON.stringify(text).slice(1, -1)),
  codePoint.map(escapeUnits),
  fc.constantFrom('\\/', '\\n', '\\"', '\\\\', '\\u2028', '\u2028', '\u007f', '\ufeff', '{', ' ,'),
);
const stringToken = fc
  .array(piece, { maxLength: 6 })
  .map((pieces) => `"${pieces.join('').replaceAll('\\u0000', '\\u0001')}"`);

const numberToken = fc.oneof(
  fc.stringMatching(/^-?(0|[1-9]\d{0,40})(\.\d{1,30})?([eE][+-]?\d{1,3})?$/),
  fc.constantFrom('-0', '1.0', '1e1000', '9007199254740993', '-9223372036854775808'),
);
const scalarToken = fc.oneof(stringToken, numberToken, fc.constantFrom('true', 'false', 'null'));
const keyToken = fc.oneof(
  stringToken,
  fc.constantFrom('"__proto__"', '"constructor"', '""', '"10"', '"2"', '"\\u0061"', '"length"'),
);

/**
 * JSON values as lists of tokens, for property tests: a test can insert white space between the tokens and knows the
 * exact compact text. Covers everything that an event may contain, including unusual values.
 */
export const arbitraryJson = fc.letrec<{ value: string[]; object: string[] }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 6, depthSize: 'small' },
    scalarToken.map((token) => [token]),
    fc.array(tie('value'), { maxLength: 5 }).map((items) => enclose('[', items, ']')),
    tie('object'),
  ),
  object: fc
    .uniqueArray(fc.tuple(keyToken, tie('value')), {
      maxLength: 6,
      selector: ([key]): unknown => JSON.parse(key),
    })
    .map((members) => members.map(([key, value]) => [key, ':', ...value]))
    .map((members) => enclose('{', members, '}')),
}));

/** A scalar inside `levels` nested containers. */
export const arbitraryNesting = (levels: { min: number; max: number }) =>
  fc
    .tuple(fc.array(fc.boolean(), { minLength: levels.min, maxLength: levels.max }), scalarToken)
    .map(([kinds, scalar]) =>
      kinds.reduce(
        (inner, isArray) => (isArray ? ['[', ...inner, ']'] : ['{', '"a"', ':', ...inner, '}']),
        [scalar],
      ),
    );

function enclose(open: string, items: readonly string[][], close: string): string[] {
  return [open, ...items.flatMap((item, index) => (index === 0 ? item : [',', ...item])), close];
}

function escapeUnits(text: string): string {
  return text
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
