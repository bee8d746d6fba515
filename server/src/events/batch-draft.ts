import { type FieldError, Problem } from '../errors.ts';
import { formatPath } from './json-path.ts';
import type { JsonReader } from './json-reader.ts';
import { OPEN_BRACKET } from './json-scanner.ts';
import type { ParsedItem } from './parsed-event.ts';
import { readEvent } from './read-event.ts';

const MAX_BATCH_EVENTS = 1000;
const MAX_NAMED_MEMBERS = 20;

/**
 * What is seen of a batch while the body is being read. Nothing is refused before `finish`: that the
 * body is no JSON at all outranks everything, and may show in its last byte.
 */
export class BatchDraft {
  /** The body has a member `events`. */
  found = false;
  private readonly reader: JsonReader;
  private readonly items: ParsedItem[] = [];
  private readonly others: string[] = [];
  private readonly errors: FieldError[] = [];
  private sent = 0;

  constructor(reader: JsonReader) {
    this.reader = reader;
  }

  /** Another member of the body; a batch may have none. */
  noteOther(name: string): void {
    if (this.others.length < MAX_NAMED_MEMBERS) this.others.push(name);
  }

  /** Reads the value of `events`. */
  readEvents(): void {
    const { reader } = this;
    const isRepeated = this.found;
    this.found = true;
    if (isRepeated || reader.peek() !== OPEN_BRACKET) {
      const message = isRepeated ? 'duplicate key' : 'must be an array';
      if (this.errors.length === 0) this.errors.push({ path: 'events', message });
      return reader.skipValue();
    }
    reader.readArray(() => {
      this.sent += 1;
      if (this.sent > MAX_BATCH_EVENTS) return reader.skipValue();
      this.items.push(reader.readItem(() => readEvent(reader)));
    });
    if (this.sent === 0) {
      this.errors.push({ path: 'events', message: 'must hold at least one event' });
    }
  }

  /** @throws Problem VALIDATION_FAILED or BATCH_TOO_LARGE. */
  finish(): ParsedItem[] {
    for (const name of this.others) {
      const message = 'unknown field; a batch holds nothing but events';
      this.errors.push({ path: formatPath([name]), message });
    }
    const [first] = this.errors;
    if (first !== undefined) {
      const detail = `Not a valid batch: ${first.path} ${first.message}.`;
      throw new Problem('VALIDATION_FAILED', detail, { errors: this.errors });
    }
    if (this.sent > MAX_BATCH_EVENTS) {
      const detail = `A batch holds at most ${MAX_BATCH_EVENTS} events; this one has ${this.sent}.`;
      throw new Problem('BATCH_TOO_LARGE', detail);
    }
    return this.items;
  }
}
