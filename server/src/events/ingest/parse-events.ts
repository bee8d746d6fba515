import { isUtf8 } from 'node:buffer';
import { Problem } from '../../errors.ts';
import { BatchDraft } from './batch-draft.ts';
import { JsonReader } from '../../../../contract/json/json-reader.ts';
import { OPEN_BRACE } from '../../../../contract/json/json-scanner.ts';
import type { ParsedEvents } from './parsed-event.ts';
import { readLargeBody } from './read-large-body.ts';
import { emptyDraft, finishEvent, readMember } from './read-event.ts';

/**
 * Bodies up to this size are read in one step, which takes a few milliseconds. Larger bodies are read event by event:
 * other requests need the event loop in between, and reading must stop as soon as a limit is exceeded.
 */
const MAX_BYTES_AT_ONCE = 64 * 1024;

/**
 * Reads the body of `POST /v1/events`: a batch if it has a top-level `events`, else one event. Values are kept as
 * sent; JSON.parse would round numbers and reorder keys such as "10".
 *
 * @throws Problem MALFORMED_JSON with the position of the first byte that is not JSON in UTF-8, VALIDATION_FAILED or
 *   BATCH_TOO_LARGE if it is neither an event nor a batch. An event that violates the contract fails alone: its item
 *   is `ok: false`.
 */
export function parseEventsBody(body: Buffer): ParsedEvents {
  const steps = eventsBodySteps(body);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** Like parseEventsBody, in steps of about a millisecond, so that several bodies can take turns. */
export function* eventsBodySteps(body: Buffer): Generator<void, ParsedEvents> {
  if (body.length > MAX_BYTES_AT_ONCE) return yield* readLargeBody(body, reader);
  return reader.readText(decodeUtf8(body), readBody);
}

const reader = new JsonReader((detail) => new Problem('MALFORMED_JSON', detail));

function readBody(): ParsedEvents {
  if (reader.peek() !== OPEN_BRACE) {
    reader.skipValue();
    reader.expectEnd();
    throw new Problem('VALIDATION_FAILED', 'The body must be a JSON object.');
  }
  // The member `events` makes this a batch and may come last. Until then the body is read as an event, so that every
  // body is read only once.
  const start = reader.pos;
  const draft = emptyDraft();
  const batch = new BatchDraft();
  reader.readObject((name) => {
    if (name === 'events') return batch.readEvents(reader);
    batch.noteOther(name);
    readMember(reader, draft, name);
  });
  const end = reader.pos;
  reader.expectEnd();
  if (batch.found) return { kind: 'batch', items: batch.finish() };
  return { kind: 'single', item: finishEvent(reader, draft, start, end) };
}

function decodeUtf8(body: Buffer): string {
  if (!isUtf8(body)) {
    const byte = firstDifference(body, Buffer.from(body.toString('utf8')));
    throw new Problem('MALFORMED_JSON', `Expected valid UTF-8 at byte ${byte}.`);
  }
  const text = body.toString('utf8');
  if (text.startsWith('\uFEFF')) {
    throw new Problem('MALFORMED_JSON', 'Expected JSON at byte 0, found a byte order mark.');
  }
  return text;
}

/** Decoding replaces the first invalid byte, so encoding the result again shows its position. */
function firstDifference(body: Buffer, repaired: Buffer): number {
  let at = 0;
  while (at < body.length && body[at] === repaired[at]) at += 1;
  return at;
}
