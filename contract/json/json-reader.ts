import type { FieldError } from '../problem.ts';
import { formatPath } from './json-path.ts';
import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  END,
  HAS_ESCAPE,
  HAS_LONE_SURROGATE,
  HAS_NUL,
  JsonScanner,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  startsNumber,
} from './json-scanner.ts';
import { KeySet } from './key-set.ts';

/** Maximum nesting of objects and arrays in one event; the event itself is the first level. */
export const MAX_NESTING = 64;
/** The levels of an event, plus the body and its `events` around the items of a batch. */
const TRACKED_DEPTHS = MAX_NESTING + 3;
const USUAL_DEPTH = 1024;
const MAX_EXPONENT = 1000;
const MAX_SLICES = 32;
/** Enough to debug a client; bounds the response to a hostile event. */
const MAX_FIELD_ERRORS = 20;
/** Maximum keys of one event at all levels: finding duplicates is the most expensive part of reading a key. */
const MAX_KEYS = 10_000;

/** Stops reading an event that is already rejected. */
export class EventRefused extends Error {
  override readonly name = 'EventRefused';
  readonly errors: readonly FieldError[];

  constructor(errors: readonly FieldError[]) {
    super('the event is refused');
    this.errors = errors;
  }
}

/**
 * Reads a JSON text in order, following the structure that the caller expects (`readObject`, `readArray`,
 * `readString`), with `skipValue` for arbitrary values. It is not recursive, so nesting cannot overflow the stack.
 * JSON that is not acceptable in an event is recorded as an error with its path.
 */
export class JsonReader extends JsonScanner {
  /** Open containers by depth: kind, and current position within the container while it matters. */
  private depth = 0;
  private kinds = new Uint8Array(USUAL_DEPTH);
  /** In an array the index; in an object the offset of the opening quote of the key. */
  private readonly places = new Int32Array(TRACKED_DEPTHS);
  private readonly keyEnds = new Int32Array(TRACKED_DEPTHS);
  private readonly keys: KeySet[] = Array.from({ length: TRACKED_DEPTHS }, () => new KeySet());
  /** Containers around the current item; paths and nesting are counted from here. */
  private outer = 0;
  private errors: FieldError[] = [];
  /** Number of keys of the current item so far. */
  keysRead = 0;
  /** Reading an item stops once its list of errors is full. */
  private stopsEarly = false;

  /**
   * Reads a text from its start by calling `read`. A reader is reused for one text after another, never concurrently:
   * creating its tables costs more than reading a single event.
   */
  readText<T>(text: string, read: () => T): T {
    this.keysRead = 0;
    this.begin(text);
    try {
      return read();
    } finally {
      this.begin('');
    }
  }

  /**
   * Reads one item of a body that is not read as a whole, up to the first limit that it exceeds. @param base offset
   * of the item in the body, bytes @throws EventRefused if the list of errors is full
   */
  readPart<T>(text: string, base: number, read: () => T): T {
    this.base = base;
    this.stopsEarly = true;
    try {
      return this.readText(text, read);
    } finally {
      this.base = 0;
      this.stopsEarly = false;
    }
  }

  private begin(text: string): void {
    this.beginText(text);
    this.depth = 0;
    this.outer = 0;
    this.errors = [];
    if (this.kinds.length > USUAL_DEPTH) this.kinds = new Uint8Array(USUAL_DEPTH);
  }

  /** Reads one item of a batch: its paths, nesting and errors are its own. */
  readItem<T>(read: () => T): T {
    const { outer, errors } = this;
    this.outer = this.depth;
    this.errors = [];
    this.keysRead = 0;
    // Whitespace before the item is not needed again: a batch has no compact text.
    this.gapsLength = 0;
    const item = read();
    this.outer = outer;
    this.errors = errors;
    return item;
  }

  /** Errors of the current item so far, in the order in which they were found. */
  get itemErrors(): readonly FieldError[] {
    return this.errors;
  }

  /** Records an error for the current value, or for its member `key`. */
  report(message: string, key?: string): void {
    if (this.errors.length >= MAX_FIELD_ERRORS) return;
    const path: (string | number)[] = [];
    const depth = Math.min(this.depth, this.outer + MAX_NESTING);
    for (let at = this.outer + 1; at <= depth; at += 1) {
      path.push(this.kinds[at] === OPEN_BRACE ? this.keyAt(at) : (this.places[at] ?? 0));
    }
    if (key !== undefined) path.push(key);
    this.errors.push({ path: formatPath(path), message });
    if (this.stopsEarly && this.errors.length === MAX_FIELD_ERRORS) {
      throw new EventRefused(this.errors);
    }
  }

  /** Counts a key. @returns false if there are too many keys to search for duplicates. */
  private countKey(): boolean {
    this.keysRead += 1;
    if (this.keysRead <= MAX_KEYS) return true;
    if (this.keysRead === MAX_KEYS + 1) {
      this.errors.push({ path: '', message: `must have at most ${MAX_KEYS} keys` });
      if (this.stopsEarly) throw new EventRefused(this.errors);
    }
    return false;
  }

  /** Reads an object (the next character is its brace); `onMember` must read or skip its value. */
  readObject(onMember: (key: string) => void): void {
    if (!this.open(OPEN_BRACE)) return;
    do onMember(this.keyAt(this.depth));
    while (this.next());
  }

  /** Reads an array (the next character is its bracket); `onElement` must read or skip it. */
  readArray(onElement: () => void): void {
    if (!this.open(OPEN_BRACKET)) return;
    do onElement();
    while (this.next());
  }

  /** Reads a string (the next character is its quote). @returns the decoded string. */
  readString(): string {
    const start = this.pos;
    this.skipString();
    if (this.marks === 0) return this.text.slice(start + 1, this.pos - 1);
    if (this.marks > HAS_ESCAPE) this.reportMarks();
    return this.decode(start, this.pos);
  }

  /** Skips any value. */
  skipValue(): void {
    const floor = this.depth;
    do {
      while (this.enter()) continue;
    } while (this.leave(floor));
  }

  /** Throws unless only whitespace is left. */
  expectEnd(): void {
    if (this.peek() !== END) throw this.malformed('nothing after the JSON value');
  }

  /** The text from `start` to `end` without insignificant whitespace, everything else as sent. */
  compact(start: number, end: number): string {
    const { text, gaps, gapsLength } = this;
    let at = firstGapFrom(gaps, gapsLength, start);
    if (at === gapsLength || (gaps[at] ?? end) >= end) return text.slice(start, end);
    // Strings made of thousands of slices are slow: an event of numbers and blanks took 20 times as long.
    if (firstGapFrom(gaps, gapsLength, end) - at > 2 * MAX_SLICES)
      return this.copyWithoutGaps(start, end, at);
    const parts: string[] = [];
    let from = start;
    for (; at < gapsLength && (gaps[at] ?? end) < end; at += 2) {
      parts.push(text.slice(from, gaps[at]));
      from = gaps[at + 1] ?? end;
    }
    parts.push(text.slice(from, end));
    return parts.join('');
  }

  /** Skips a scalar or an empty container, or moves to the first value inside a container. @returns true inside. */
  private enter(): boolean {
    const code = this.peek();
    if (code === QUOTE) {
      this.skipString();
      if (this.marks > HAS_ESCAPE) this.reportMarks();
      return false;
    }
    if (code === OPEN_BRACE || code === OPEN_BRACKET) return this.open(code);
    if (startsNumber(code)) {
      if (this.skipNumber() > MAX_EXPONENT) {
        this.report(`must not have an exponent beyond ±${MAX_EXPONENT}`);
      }
      return false;
    }
    this.skipLiteral();
    return false;
  }

  /** Called after a value: closes containers down to `floor`. @returns true before another value. */
  private leave(floor: number): boolean {
    while (this.depth > floor) if (this.next()) return true;
    return false;
  }

  /** @returns true before the first value inside, false past the end of an empty container. */
  private open(kind: typeof OPEN_BRACE | typeof OPEN_BRACKET): boolean {
    if (this.depth - this.outer === MAX_NESTING) {
      this.report(`must not be nested more than ${MAX_NESTING} levels deep`);
    }
    this.depth += 1;
    if (this.depth === this.kinds.length) this.growKinds();
    this.kinds[this.depth] = kind;
    this.pos += 1;
    if (this.peek() === (kind === OPEN_BRACE ? CLOSE_BRACE : CLOSE_BRACKET)) return this.close();
    if (kind === OPEN_BRACKET) {
      if (!this.tooDeep) this.places[this.depth] = 0;
      return true;
    }
    if (!this.tooDeep) this.keys[this.depth]?.clear();
    this.readKey();
    return true;
  }

  /** @returns true before the container's next value, false past its end. */
  private next(): boolean {
    const inObject = this.kinds[this.depth] === OPEN_BRACE;
    const code = this.peek();
    if (code === COMMA) {
      this.pos += 1;
      if (inObject) this.readKey();
      else if (!this.tooDeep) this.places[this.depth] = (this.places[this.depth] ?? 0) + 1;
      return true;
    }
    if (code === (inObject ? CLOSE_BRACE : CLOSE_BRACKET)) return this.close();
    throw this.malformed(inObject ? 'a comma or }' : 'a comma or ]');
  }

  private close(): false {
    this.pos += 1;
    this.depth -= 1;
    return false;
  }

  private readKey(): void {
    if (this.peek() !== QUOTE) throw this.malformed('a quoted key');
    const start = this.pos;
    this.skipString();
    if (!this.tooDeep) this.noteKey(start);
    if (this.peek() !== COLON) throw this.malformed('a colon');
    this.pos += 1;
  }

  private noteKey(start: number): void {
    const { text, depth } = this;
    const end = this.pos;
    this.places[depth] = start;
    this.keyEnds[depth] = end;
    if (this.marks > HAS_ESCAPE) this.reportMarks();
    if (!this.countKey()) return;
    const isNew =
      this.marks === 0
        ? this.keys[depth]?.addSpan(text, start + 1, end - 1, this.hashOf(start + 1, end - 1))
        : this.keys[depth]?.addString(text, this.decode(start, end));
    if (isNew === false) this.report('duplicate key');
  }

  private keyAt(depth: number): string {
    return this.decode(this.places[depth] ?? 0, this.keyEnds[depth] ?? 0);
  }

  /** An item this deep is already rejected; tracking it further would only use memory. */
  private get tooDeep(): boolean {
    return this.depth - this.outer > MAX_NESTING;
  }

  /** Value of the string between the two quotes. */
  private decode(start: number, end: number): string {
    const content = this.text.slice(start + 1, end - 1);
    if (!content.includes('\\')) return content;
    const decoded: unknown = JSON.parse(this.text.slice(start, end));
    return String(decoded);
  }

  private reportMarks(): void {
    if (this.marks & HAS_NUL) this.report('must not contain \\u0000');
    if (this.marks & HAS_LONE_SURROGATE) this.report('must not contain a lone surrogate');
  }

  private growKinds(): void {
    const larger = new Uint8Array(this.kinds.length * 2);
    larger.set(this.kinds);
    this.kinds = larger;
  }
}

/** Index into `gaps` (flat pairs, ascending) of the first gap that starts at `start` or later. */
function firstGapFrom(gaps: Int32Array, length: number, start: number): number {
  let low = 0;
  let high = length / 2;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((gaps[middle * 2] ?? 0) < start) low = middle + 1;
    else high = middle;
  }
  return low * 2;
}
