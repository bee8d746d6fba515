import { Problem } from '../../errors.ts';
import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  END,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
} from '../../../../contract/json/json-scanner.ts';

const SPACE = 0x20;
const BACKSLASH = 0x5c;
/** Bytes between two points where the caller may pause: about a millisecond. */
const BYTES_PER_STEP = 512 * 1024;
/** After this many characters of a string, its end is searched by the runtime, which is many times faster. */
const SHORT_STRING = 64;
const MAX_KEY_BYTES = 1024;

/**
 * Finds where the values of a JSON body begin and end, in its bytes, without validating them. It only counts
 * brackets, so accepted values must be read by JsonReader too.
 */
export class JsonSpans {
  readonly #bytes: Buffer;
  pos = 0;
  /** Number of elements in the last skipped container. */
  elements = 0;
  /** Maximum nesting depth in the values skipped since this was set to 0. */
  deepest = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Skips whitespace and returns the next byte, END at the end. */
  peek(): number {
    const bytes = this.#bytes;
    let { pos } = this;
    while (isWhitespace(bytes[pos] ?? 0)) pos += 1;
    this.pos = pos;
    return bytes[pos] ?? END;
  }

  /** Skips a key and its colon. @returns the key, shortened to 1 KiB */
  readKey(): string {
    if (this.peek() !== QUOTE) throw this.malformed('a quoted key');
    const start = this.pos;
    this.pos = this.#endOfString(start);
    const key = this.#decode(start, Math.min(this.pos, start + MAX_KEY_BYTES));
    if (this.peek() !== COLON) throw this.malformed('a colon');
    this.pos += 1;
    return key;
  }

  /** Skips one value of any size; yields where the caller may pause. */
  *skipValue(): Generator<void, void> {
    const code = this.peek();
    if (code === QUOTE) this.pos = this.#endOfString(this.pos);
    else if (code !== OPEN_BRACE && code !== OPEN_BRACKET) this.#skipScalar();
    else {
      this.elements = 0;
      for (let depth = this.#skip(0); depth > 0; depth = this.#skip(depth)) yield;
    }
  }

  /** Continues inside `depth` open containers. @returns the number of containers still open, 0 at the end. */
  #skip(before: number): number {
    const bytes = this.#bytes;
    const until = this.pos + BYTES_PER_STEP;
    let { pos } = this;
    let depth = before;
    let { deepest } = this;
    while (pos < until) {
      const code = bytes[pos];
      if (code === QUOTE) pos = this.#endOfString(pos) - 1;
      else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
        depth += 1;
        if (depth > deepest) deepest = depth;
      } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) depth -= 1;
      else if (code === COMMA && depth === 1) this.elements += 1;
      else if (code === undefined) throw this.malformed('a comma or a closing bracket', pos);
      pos += 1;
      if (depth === 0) break;
    }
    this.pos = pos;
    this.deepest = deepest;
    return depth;
  }

  #skipScalar(): void {
    const bytes = this.#bytes;
    let { pos } = this;
    while (isPartOfScalar(bytes[pos] ?? END)) pos += 1;
    if (pos === this.pos) throw this.malformed('a value');
    this.pos = pos;
  }

  /** @returns the place after the closing quote of the string that begins at `start` */
  #endOfString(start: number): number {
    const bytes = this.#bytes;
    let pos = start + 1;
    for (;;) {
      // Scans byte by byte at first and after each escape: one call of the runtime costs as much as many steps.
      for (const short = pos + SHORT_STRING; pos < short; ) {
        const code = bytes[pos];
        if (code === QUOTE) return pos + 1;
        if (code === undefined) throw this.malformed('the closing quote of a string', pos);
        pos += code === BACKSLASH ? 2 : 1;
      }
      const quote = bytes.indexOf(QUOTE, pos);
      if (quote < 0) throw this.malformed('the closing quote of a string', bytes.length);
      let escapes = 0;
      while (quote - 1 - escapes >= pos && bytes[quote - 1 - escapes] === BACKSLASH) escapes += 1;
      if (escapes % 2 === 0) return quote + 1;
      pos = quote + 1;
    }
  }

  /** The decoded string; the raw text if it cannot be decoded. */
  #decode(start: number, end: number): string {
    const text = this.#bytes.toString('utf8', start, end);
    try {
      return String(JSON.parse(text));
    } catch {
      return text.slice(1);
    }
  }

  malformed(expected: string, pos: number = this.pos): Problem {
    const end = pos >= this.#bytes.length ? ', where the body ends' : '';
    return new Problem('MALFORMED_JSON', `Expected ${expected} at byte ${pos}${end}.`);
  }
}

function isWhitespace(code: number): boolean {
  return code === SPACE || code === 0x0a || code === 0x0d || code === 0x09;
}

/** True unless it is a bracket, comma, colon, quote or whitespace; JsonReader validates the scalar. */
function isPartOfScalar(code: number): boolean {
  return (
    code > SPACE &&
    code !== COMMA &&
    code !== COLON &&
    code !== QUOTE &&
    code !== OPEN_BRACE &&
    code !== CLOSE_BRACE &&
    code !== OPEN_BRACKET &&
    code !== CLOSE_BRACKET
  );
}
