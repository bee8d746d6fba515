/*
 * Reading JSON exactly: numbers keep their digits, duplicate keys and invalid text are errors with a path. Pure code
 * that the api, the dashboard's server and the web app share.
 */
export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const OPEN_BRACKET = 0x5b;
export const CLOSE_BRACKET = 0x5d;
export const OPEN_BRACE = 0x7b;
export const CLOSE_BRACE = 0x7d;
const SPACE = 0x20;
const PLUS = 0x2b;
const MINUS = 0x2d;
const POINT = 0x2e;
const DIGIT_0 = 0x30;
const UPPER_E = 0x45;
const BACKSLASH = 0x5c;
const LOWER_E = 0x65;
const LOWER_U = 0x75;

/** Characters of the largest event, with a margin. */
const MAX_SHARED_UNITS = 264 * 1024;

/** End of the text. */
export const END = -1;

/** Characters that may follow a backslash, except `u`. */
const IS_ESCAPED = new Uint8Array(65_536);
for (const character of '"\\/bfnrt') IS_ESCAPED[character.charCodeAt(0)] = 1;

/** Bits of {@link JsonScanner.marks}: properties of a string. */
export const HAS_ESCAPE = 1;
export const HAS_NUL = 2;
export const HAS_LONE_SURROGATE = 4;

/** Higher than every accepted exponent; further digits do not matter. */
const EXPONENT_CEILING = 1_000_000;

/**
 * Scans the tokens of a JSON text (RFC 8259) in place without creating values: texts as sent are kept by slicing.
 * Throws the error of the caller, with the position and the expected token.
 */
export class JsonScanner {
  /** Creates the error for a text that is not JSON. */
  private readonly malformedJson: (detail: string) => Error;
  protected text = '';
  /** Offset of the text in the body, bytes. */
  protected base = 0;
  /** Index of the next character, in UTF-16 code units. */
  pos = 0;
  /**
   * The text's UTF-16 code units and a trailing 0, so that loops need not check for the end: no token contains a 0.
   * Reading a typed array is more than twice as fast as charCodeAt.
   */
  private units = new Uint16Array(1);
  private readonly spareUnits = new Uint16Array(MAX_SHARED_UNITS);
  /** Reused for every text: allocating memory for each costs more than scanning it. */
  private readonly kept = new Uint16Array(MAX_SHARED_UNITS);
  /** Properties of the last scanned string: HAS_ESCAPE, HAS_NUL, HAS_LONE_SURROGATE. */
  protected marks = 0;
  /** Whitespace between tokens, `start, end, start, end, …`, ascending; the first `gapsLength` numbers count. */
  protected gaps = new Int32Array(1024);
  protected gapsLength = 0;

  constructor(malformedJson: (detail: string) => Error) {
    this.malformedJson = malformedJson;
  }

  /** Starts scanning another text. */
  protected beginText(text: string): void {
    this.text = text;
    this.pos = 0;
    this.gapsLength = 0;
    const { spareUnits } = this;
    this.units = text.length < spareUnits.length ? spareUnits : new Uint16Array(text.length + 1);
    Buffer.from(this.units.buffer).write(text, 'utf16le');
    this.units[text.length] = 0;
  }

  /** Skips whitespace and returns the code of the next character, END at the end. */
  peek(): number {
    const code = this.units[this.pos] ?? 0;
    return code > SPACE ? code : this.skipGap();
  }

  private skipGap(): number {
    const { units } = this;
    const start = this.pos;
    let pos = start;
    while (isWhitespace(units[pos] ?? 0)) pos += 1;
    if (pos > start) this.noteGap(start, pos);
    this.pos = pos;
    return pos < this.text.length ? (units[pos] ?? 0) : END;
  }

  private noteGap(start: number, end: number): void {
    if (this.gapsLength === this.gaps.length) {
      const larger = new Int32Array(2 * this.gaps.length);
      larger.set(this.gaps);
      this.gaps = larger;
    }
    this.gaps[this.gapsLength] = start;
    this.gaps[this.gapsLength + 1] = end;
    this.gapsLength += 2;
  }

  /** The text from `start` to `end` without the gaps whose index in `gaps` is `at` or later. */
  protected copyWithoutGaps(start: number, end: number, at: number): string {
    const { units, gaps, gapsLength } = this;
    const kept = end - start <= this.kept.length ? this.kept : new Uint16Array(end - start);
    let length = 0;
    let bits = 0;
    let from = start;
    for (let gap = at; from < end; gap += 2) {
      const until = gap < gapsLength ? Math.min(gaps[gap] ?? end, end) : end;
      for (let pos = from; pos < until; pos += 1) {
        const unit = units[pos] ?? 0;
        bits |= unit;
        kept[length++] = unit;
      }
      from = until === end ? end : (gaps[gap + 1] ?? end);
    }
    // Uses half the memory if possible.
    if (bits < 0x80) {
      const narrow = Buffer.allocUnsafe(length);
      for (let at = 0; at < length; at += 1) narrow[at] = kept[at] ?? 0;
      return narrow.toString('latin1');
    }
    return Buffer.from(kept.buffer, 0, 2 * length).toString('utf16le');
  }

  /** Skips a string from its opening quote past its closing quote and sets `marks`. */
  protected skipString(): void {
    const { units } = this;
    let pos = this.pos + 1;
    this.marks = 0;
    for (;;) {
      const code = units[pos] ?? 0;
      if (code === QUOTE) break;
      if (code === BACKSLASH) pos = this.skipEscape(pos);
      else if (code >= SPACE) pos += 1;
      else throw this.malformedString(pos);
    }
    this.pos = pos + 1;
  }

  /** A hash of the characters from `start` to `end` (FNV-1a by code unit), never 0. */
  protected hashOf(start: number, end: number): number {
    const { units } = this;
    let hash = 0x811c9dc5;
    for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ (units[at] ?? 0), 0x01000193);
    return hash | 1;
  }

  /** @returns the index after the escape, or after both escapes of a surrogate pair. */
  private skipEscape(pos: number): number {
    this.marks |= HAS_ESCAPE;
    const code = this.units[pos + 1] ?? 0;
    if (code !== LOWER_U) {
      if (IS_ESCAPED[code] === 1) return pos + 2;
      throw this.malformed('one of " \\ / b f n r t u after a backslash', pos + 1);
    }
    const unit = this.hexAt(pos + 2);
    if (unit === 0) this.marks |= HAS_NUL;
    if (unit < 0xd800 || unit > 0xdfff) return pos + 6;
    // The body is valid UTF-8, so a half that is escaped can only be completed by an escaped half.
    if (unit < 0xdc00 && this.text.startsWith('\\u', pos + 6)) {
      const second = this.hexAt(pos + 8);
      if (second >= 0xdc00 && second <= 0xdfff) return pos + 12;
    }
    this.marks |= HAS_LONE_SURROGATE;
    return pos + 6;
  }

  private hexAt(pos: number): number {
    let unit = 0;
    for (let at = pos; at < pos + 4; at += 1) {
      const digit = hexDigit(this.units[at] ?? 0);
      if (digit < 0) throw this.malformed('four hexadecimal digits after \\u', at);
      unit = unit * 16 + digit;
    }
    return unit;
  }

  /** Skips a number. @returns the absolute value of its exponent, 0 without one. */
  protected skipNumber(): number {
    const { units } = this;
    if (units[this.pos] === MINUS) this.pos += 1;
    if (units[this.pos] === DIGIT_0) this.pos += 1;
    else this.skipDigits();
    if (units[this.pos] === POINT) {
      this.pos += 1;
      this.skipDigits();
    }
    const letter = units[this.pos];
    if (letter !== LOWER_E && letter !== UPPER_E) return 0;
    this.pos += 1;
    const sign = units[this.pos];
    if (sign === PLUS || sign === MINUS) this.pos += 1;
    return this.skipDigits();
  }

  /** Skips one or more digits. @returns their value, at most EXPONENT_CEILING. */
  private skipDigits(): number {
    const { units } = this;
    let { pos } = this;
    let value = 0;
    for (;;) {
      const digit = (units[pos] ?? 0) - DIGIT_0;
      if (digit < 0 || digit > 9) break;
      value = Math.min(value * 10 + digit, EXPONENT_CEILING);
      pos += 1;
    }
    if (pos === this.pos) throw this.malformed('a digit');
    this.pos = pos;
    return value;
  }

  /** Skips `true`, `false` or `null`. */
  protected skipLiteral(): void {
    for (const word of ['true', 'false', 'null']) {
      if (this.text.startsWith(word, this.pos)) {
        this.pos += word.length;
        return;
      }
    }
    throw this.malformed('a value');
  }

  private malformedString(pos: number): Error {
    if (pos === this.text.length) return this.malformed('the closing quote of a string', pos);
    return this.malformed('an escape such as \\n instead of a control character', pos);
  }

  protected malformed(expected: string, pos: number = this.pos): Error {
    const byte = Buffer.byteLength(this.text.slice(0, pos));
    const isEnd = this.base === 0 && pos >= this.text.length;
    const end = isEnd ? ', where the body ends' : '';
    return this.malformedJson(`Expected ${expected} at byte ${this.base + byte}${end}.`);
  }
}

export function startsNumber(code: number): boolean {
  return code === MINUS || (code >= DIGIT_0 && code <= DIGIT_0 + 9);
}

/** The four whitespace characters of JSON; other Unicode whitespace is not allowed between tokens. */
function isWhitespace(code: number): boolean {
  return code === SPACE || code === 0x0a || code === 0x0d || code === 0x09;
}

function hexDigit(code: number): number {
  if (code >= DIGIT_0 && code <= DIGIT_0 + 9) return code - DIGIT_0;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : -1;
}
