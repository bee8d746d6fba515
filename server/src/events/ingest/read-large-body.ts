import { isUtf8 } from 'node:buffer';
import { Problem } from '../../errors.ts';
import { BatchDraft } from './batch-draft.ts';
import {
  EventRefused,
  type JsonReader,
  MAX_NESTING,
} from '../../../../contract/json/json-reader.ts';
import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COMMA,
  END,
  OPEN_BRACE,
  OPEN_BRACKET,
} from '../../../../contract/json/json-scanner.ts';
import { JsonSpans } from '../json/json-spans.ts';
import type { ParsedEvents, ParsedItem } from './parsed-event.ts';
import { MAX_EVENT_BYTES, readEvent } from './read-event.ts';

/** An event has 14 fields and a batch has one, so a body with more keys is rejected without reading the rest. */
const MAX_MEMBERS = 20;
/** A thousand events with a thousand keys each. Reading a key costs as much as a few hundred bytes of text. */
const MAX_BODY_KEYS = 1_000_000;
const TOO_DEEP = {
  path: '',
  message: `must not be nested more than ${MAX_NESTING} levels deep`,
};
const TOO_LARGE = { path: '', message: `must be at most ${MAX_EVENT_BYTES} bytes` };

/**
 * Reads a large body event by event, so that reading stops at the first limit that an event exceeds: an event that is
 * too long is skipped instead of read. Yields about every millisecond, so that the caller can pause.
 * @throws Problem as parseEventsBody, and PAYLOAD_TOO_LARGE for more than a million keys
 */
export function* readLargeBody(body: Buffer, reader: JsonReader): Generator<void, ParsedEvents> {
  const spans = new JsonSpans(body);
  if (spans.peek() !== OPEN_BRACE) {
    yield* spans.skipValue();
    if (spans.peek() !== END) throw spans.malformed('nothing after the JSON value');
    throw new Problem('VALIDATION_FAILED', 'The body must be a JSON object.');
  }
  const start = spans.pos;
  spans.pos += 1;
  const batch = new BatchDraft();
  let members = 0;
  for (let more = spans.peek() !== CLOSE_BRACE; more; more = isComma(spans, CLOSE_BRACE)) {
    members += 1;
    if (members > MAX_MEMBERS && spans.pos - start > MAX_EVENT_BYTES) {
      throw new Problem('VALIDATION_FAILED', `The body has more than ${MAX_MEMBERS} fields.`);
    }
    const name = spans.readKey();
    if (name === 'events') yield* readItems({ body, spans, reader, batch });
    else {
      batch.noteOther(name);
      yield* spans.skipValue();
    }
  }
  spans.pos += 1;
  const end = spans.pos;
  if (spans.peek() !== END) throw spans.malformed('nothing after the JSON value');
  if (batch.found) return { kind: 'batch', items: batch.finish() };
  return { kind: 'single', item: readItem(reader, body, { start, end, depth: spans.deepest + 1 }) };
}

interface BatchBody {
  readonly body: Buffer;
  readonly spans: JsonSpans;
  readonly reader: JsonReader;
  readonly batch: BatchDraft;
}

/** Reads the value of `events`. */
function* readItems({ body, spans, reader, batch }: BatchBody): Generator<void, void> {
  const isArray = spans.peek() === OPEN_BRACKET;
  if (!batch.open(isArray)) return yield* spans.skipValue();
  const start = spans.pos;
  spans.pos += 1;
  let keys = 0;
  for (let more = spans.peek() !== CLOSE_BRACKET; more; more = isComma(spans, CLOSE_BRACKET)) {
    if (batch.isFull) {
      spans.pos = start;
      yield* spans.skipValue();
      batch.countSent(spans.elements + 1);
      return;
    }
    spans.peek();
    const from = spans.pos;
    spans.deepest = 0;
    yield* spans.skipValue();
    batch.add(readItem(reader, body, { start: from, end: spans.pos, depth: spans.deepest }));
    keys += reader.keysRead;
    if (keys > MAX_BODY_KEYS) throw tooManyKeys();
    yield;
  }
  spans.pos += 1;
  batch.close();
}

/** Called after a value. @returns true before another value, false at the end of the container. */
function isComma(spans: JsonSpans, close: typeof CLOSE_BRACE | typeof CLOSE_BRACKET): boolean {
  const code = spans.peek();
  if (code === COMMA) spans.pos += 1;
  else if (code !== close) {
    throw spans.malformed(close === CLOSE_BRACE ? 'a comma or }' : 'a comma or ]');
  }
  return code === COMMA;
}

interface Span {
  readonly start: number;
  readonly end: number;
  /** Nesting depth of containers. */
  readonly depth: number;
}

/** Reads one event, unless it is longer than an event may be. */
function readItem(reader: JsonReader, body: Buffer, { start, end, depth }: Span): ParsedItem {
  if (end - start > MAX_EVENT_BYTES) {
    return { ok: false, errors: depth > MAX_NESTING ? [TOO_DEEP, TOO_LARGE] : [TOO_LARGE] };
  }
  const bytes = body.subarray(start, end);
  if (!isUtf8(bytes)) {
    throw new Problem('MALFORMED_JSON', `Expected valid UTF-8 in the event at byte ${start}.`);
  }
  try {
    return reader.readPart(bytes.toString('utf8'), start, () => {
      const item = readEvent(reader);
      reader.expectEnd();
      return item;
    });
  } catch (error) {
    if (error instanceof EventRefused) return { ok: false, errors: error.errors };
    throw error;
  }
}

function tooManyKeys(): Problem {
  return new Problem(
    'PAYLOAD_TOO_LARGE',
    'The events of a body have at most 1,000,000 keys together. Send fewer events at once.',
  );
}
