/** A text without a match contains no number that a double could change: it has fewer digits and no exponent. */
const MAY_LOSE_DIGITS = /[\d.]{16}|\d[eE][+-]?\d/;

/**
 * Like JSON.parse, but a number that a double cannot represent becomes a string of its digits: 9007199254740993
 * becomes "9007199254740993". Filters compare such a string with numbers by value (metadata-filter.ts), so the filter
 * is applied exactly as written. A schema that expects a number rejects the string.
 * @throws SyntaxError
 */
export function parseJsonExactly(text: string): unknown {
  if (!MAY_LOSE_DIGITS.test(text)) return JSON.parse(text) as unknown;
  const revive = (_key: string, value: unknown, context?: { source?: string }): unknown => {
    if (typeof value !== 'number' || context?.source === undefined) return value;
    return isExact(value, context.source) ? value : context.source;
  };
  return JSON.parse(text, revive) as unknown;
}

function isExact(value: number, source: string): boolean {
  const written = decimalOf(source);
  const held = decimalOf(String(value));
  return written?.digits === held?.digits && written?.exponent === held?.exponent;
}

/** A decimal number as its significant digits, sign included, and the power of ten of the last of them. */
interface Decimal {
  /** Without zeros at either end; '' is zero. */
  readonly digits: string;
  readonly exponent: number;
}

const NUMBER = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?(?:[eE]([+-]?\d{1,9}))?$/;

function decimalOf(text: string): Decimal | undefined {
  const parts = NUMBER.exec(text);
  if (parts === null) return undefined;
  const [, sign = '', whole = '', fraction = '', power = '0'] = parts;
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const significant = withoutTrailingZeros(digits);
  if (significant === '') return { digits: '', exponent: 0 };
  const exponent = Number(power) - fraction.length + (digits.length - significant.length);
  return { digits: sign + significant, exponent };
}

/** A loop, because the expression /0+$/ takes quadratic time on a text with many zeros. */
function withoutTrailingZeros(digits: string): string {
  let end = digits.length;
  while (digits.charCodeAt(end - 1) === 0x30) end -= 1;
  return digits.slice(0, end);
}
