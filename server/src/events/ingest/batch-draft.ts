import type { FieldError } from '../../../../contract/problem.ts';
import { Problem } from '../../errors.ts';
import { formatPath } from '../../../../contract/json/json-path.ts';
import type { JsonReader } from '../../../../contract/json/json-reader.ts';
import { OPEN_BRACKET } from '../../../../contract/json/json-scanner.ts';
import type { ParsedItem } from './parsed-event.ts';
import { readEvent } from './read-event.ts';

const MAX_BATCH_EVENTS = 1000;
const MAX_NAMED_MEMBERS = 20;

/**
 * State of a batch while its body is read. Nothing is rejected before `finish`, because a body that is not JSON must
 * be reported as such, and its last byte may be the one that is wrong.
 */
export class BatchDraft {
  /** True if the body has a member `events`. */
  found = false;
  private readonly items: ParsedItem[] = [];
  private readonly others: string[] = [];
  private readonly errors: FieldError[] = [];
  private sent = 0;

  /** Records another member of the body; a batch may have none. */
  noteOther(name: string): void {
    if (this.others.length < MAX_NAMED_MEMBERS) this.others.push(name);
  }

  /** Reads the value of `events`. */
  readEvents(reader: JsonReader): void {
    if (!this.open(reader.peek() === OPEN_BRACKET)) return reader.skipValue();
    reader.readArray(() => {
      if (!this.isFull) return this.add(reader.readItem(() => readEvent(reader)));
      this.sent += 1;
      reader.skipValue();
    });
    this.close();
  }

  /** Called at a member `events`. @returns false if its value must be skipped. */
  open(isArray: boolean): boolean {
    const isRepeated = this.found;
    this.found = true;
    if (!isRepeated && isArray) return true;
    const message = isRepeated ? 'duplicate key' : 'must be an array';
    if (this.errors.length === 0) this.errors.push({ path: 'events', message });
    return false;
  }

  get isFull(): boolean {
    return this.sent >= MAX_BATCH_EVENTS;
  }

  add(item: ParsedItem): void {
    this.sent += 1;
    this.items.push(item);
  }

  /** Records the number of events when it exceeds the limit of a batch. */
  countSent(sent: number): void {
    this.sent = sent;
  }

  /** Called at the end of the array. */
  close(): void {
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
