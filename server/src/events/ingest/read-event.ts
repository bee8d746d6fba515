import { columnsOf } from './event-columns.ts';
import { type EventDraft, fieldNamed, skipUnknown } from './event-fields.ts';
import type { JsonReader } from '../../../../contract/json/json-reader.ts';
import { OPEN_BRACE } from '../../../../contract/json/json-scanner.ts';
import type { EventField, ParsedEvent, ParsedItem } from './parsed-event.ts';

/** Maximum size of one event as sent, from brace to brace, in UTF-8. */
export const MAX_EVENT_BYTES = 262_144;
const REQUIRED = ['category', 'action'] as const satisfies readonly EventField[];

/** Reads one item of a batch: any JSON value, which is an event if it follows the contract. */
export function readEvent(reader: JsonReader): ParsedItem {
  const isObject = reader.peek() === OPEN_BRACE;
  const start = reader.pos;
  if (!isObject) {
    reader.report('must be an object');
    reader.skipValue();
    return { ok: false, errors: reader.itemErrors };
  }
  const draft = emptyDraft();
  reader.readObject((name) => readMember(reader, draft, name));
  return finishEvent(reader, draft, start, reader.pos);
}

/** Reads the value of the event's member `name` into the draft. */
export function readMember(reader: JsonReader, draft: EventDraft, name: string): void {
  const field = fieldNamed(name);
  if (field === undefined) return skipUnknown(reader);
  reader.peek();
  const start = reader.pos;
  field.read(reader, draft);
  draft.raw[field.name] = compactWithin(reader, start, reader.pos) ?? '';
}

export function emptyDraft(): EventDraft {
  return {
    raw: {},
    text: {
      category: '',
      action: '',
      projectId: null,
      actorId: null,
      actorEmail: null,
      actorRole: null,
      resourceType: null,
      resourceId: null,
      traceId: null,
      ipAddress: null,
      userAgent: null,
    },
    tags: null,
    geo: null,
    workspaceId: null,
    idempotencyKey: null,
    timestamp: undefined,
  };
}

/** Validates the event that was read from `start` to `end` as a whole. */
export function finishEvent(
  reader: JsonReader,
  draft: EventDraft,
  start: number,
  end: number,
): ParsedItem {
  for (const name of REQUIRED) {
    if (draft.raw[name] === undefined) reader.report('is required', name);
  }
  const compact = compactWithin(reader, start, end);
  const bytes = compact === undefined ? Infinity : Buffer.byteLength(compact);
  const droppedWhitespace = end - start - (compact?.length ?? 0);
  if (bytes + droppedWhitespace > MAX_EVENT_BYTES) {
    reader.report(`must be at most ${MAX_EVENT_BYTES} bytes`);
  }
  if (compact === undefined || reader.itemErrors.length > 0) {
    return { ok: false, errors: reader.itemErrors };
  }
  const event: ParsedEvent = {
    compact,
    bytes,
    raw: draft.raw,
    timestamp: draft.timestamp,
    workspaceId: draft.workspaceId?.trim(),
    idempotencyKey: draft.idempotencyKey ?? undefined,
    ...columnsOf(draft),
  };
  return { ok: true, event };
}

/** @returns undefined for a text longer than an event may be, so that megabytes are not copied unnecessarily. */
function compactWithin(reader: JsonReader, start: number, end: number): string | undefined {
  return end - start > MAX_EVENT_BYTES ? undefined : reader.compact(start, end);
}
