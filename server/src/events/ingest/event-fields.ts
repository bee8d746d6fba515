import type { JsonReader } from '../../../../contract/json/json-reader.ts';
import { OPEN_BRACE, OPEN_BRACKET, QUOTE } from '../../../../contract/json/json-scanner.ts';
import type { EventField, EventText, ParsedEvent } from './parsed-event.ts';
import { breachOf, type TextRule } from '../json/text-rule.ts';
import { parseTimestamp } from './timestamp.ts';

/** An event that is being read; values are decoded and otherwise as sent. */
export interface EventDraft {
  readonly raw: Partial<Record<EventField, string>>;
  readonly text: EventText;
  tags: string[] | null;
  /** Set only if it was sent as a string. */
  geo: string | null;
  workspaceId: string | null;
  idempotencyKey: string | null;
  timestamp: ParsedEvent['timestamp'];
}

const NAME: TextRule = { minCharacters: 1, maxCharacters: 256, notBlank: true };
const IDEMPOTENCY_KEY: TextRule = { minCharacters: 1, maxCharacters: 1024 };
const TAG: TextRule = { maxCharacters: 256 };
const ANY: TextRule = {};
const MAX_TAGS = 20;
const LOWER_N = 0x6e;
const NOT_NULL = '; leave the field out instead of null';

type FieldReader = (reader: JsonReader, draft: EventDraft) => void;

/** Reads each field into the draft and reports errors to the reader, which knows the path. */
const READERS: readonly (readonly [EventField, FieldReader])[] = [
  ['timestamp', (reader, draft) => void (draft.timestamp = readTimestamp(reader))],
  ['workspaceId', (reader, draft) => void (draft.workspaceId = readText(reader, NAME, NOT_NULL))],
  ['projectId', (reader, draft) => void (draft.text.projectId = readText(reader, NAME, NOT_NULL))],
  ['category', (reader, draft) => void (draft.text.category = readText(reader, NAME) ?? '')],
  ['action', (reader, draft) => void (draft.text.action = readText(reader, NAME) ?? '')],
  ['actor', (reader, draft) => readParts(reader, draft.text, ACTOR_PARTS)],
  ['resource', (reader, draft) => readParts(reader, draft.text, RESOURCE_PARTS)],
  ['metadata', (reader) => readMetadata(reader)],
  ['tags', (reader, draft) => void (draft.tags = readTags(reader))],
  ['traceId', (reader, draft) => void (draft.text.traceId = readText(reader, ANY, NOT_NULL))],
  ['ipAddress', (reader, draft) => void (draft.text.ipAddress = readText(reader, ANY, NOT_NULL))],
  ['geo', (reader, draft) => void (draft.geo = readGeo(reader))],
  ['userAgent', (reader, draft) => void (draft.text.userAgent = readText(reader, ANY, NOT_NULL))],
  [
    'idempotencyKey',
    (reader, draft) => void (draft.idempotencyKey = readText(reader, IDEMPOTENCY_KEY, NOT_NULL)),
  ],
];

const FIELDS: ReadonlyMap<string, { readonly name: EventField; readonly read: FieldReader }> =
  new Map(READERS.map(([name, read]) => [name, { name, read }]));

/** Field of an event by name; a Map, because an object would also have `toString`. */
export function fieldNamed(name: string) {
  return FIELDS.get(name);
}

type NullableText = Exclude<keyof EventText, 'category' | 'action'>;

const ACTOR_PARTS: ReadonlyMap<string, NullableText> = new Map([
  ['id', 'actorId'],
  ['email', 'actorEmail'],
  ['role', 'actorRole'],
]);
const RESOURCE_PARTS: ReadonlyMap<string, NullableText> = new Map([
  ['type', 'resourceType'],
  ['id', 'resourceId'],
]);

function readParts(
  reader: JsonReader,
  text: EventText,
  parts: ReadonlyMap<string, NullableText>,
): void {
  if (!isNext(reader, OPEN_BRACE)) {
    reportKind(reader, 'an object', NOT_NULL);
    reader.skipValue();
    return;
  }
  reader.readObject((name) => {
    const part = parts.get(name);
    if (part !== undefined) text[part] = readText(reader, ANY, NOT_NULL);
    else skipUnknown(reader);
  });
}

/** Rejects a member that is not part of the contract, by name: a typing error must not be ignored. */
export function skipUnknown(reader: JsonReader): void {
  reader.report('unknown field');
  reader.skipValue();
}

/** @returns the decoded string, null if it was rejected. */
function readText(reader: JsonReader, rule: TextRule, nullHint = ''): string | null {
  if (!isNext(reader, QUOTE)) {
    reportKind(reader, 'a string', nullHint);
    reader.skipValue();
    return null;
  }
  const text = reader.readString();
  const breach = breachOf(rule, text);
  if (breach === undefined) return text;
  reader.report(breach);
  return null;
}

function readMetadata(reader: JsonReader): void {
  if (!isNext(reader, OPEN_BRACE)) reportKind(reader, 'an object', NOT_NULL);
  reader.skipValue();
}

function readTimestamp(reader: JsonReader): ParsedEvent['timestamp'] {
  const text = readText(reader, ANY, NOT_NULL);
  if (text === null) return undefined;
  const parsed = parseTimestamp(text);
  if (parsed !== undefined) return { text, micros: parsed.micros, nanos: parsed.nanos };
  reader.report(
    'must be an RFC 3339 time such as 2026-05-14T12:00:00Z, from 1970 to 2099 (UTC), with at most 9 sub-second digits',
  );
  return undefined;
}

function readTags(reader: JsonReader): string[] | null {
  if (!isNext(reader, OPEN_BRACKET)) {
    reportKind(reader, 'an array', NOT_NULL);
    reader.skipValue();
    return null;
  }
  const tags: string[] = [];
  let count = 0;
  reader.readArray(() => {
    count += 1;
    if (count > MAX_TAGS) return reader.skipValue();
    tags.push(readText(reader, TAG) ?? '');
  });
  if (count > MAX_TAGS) reader.report(`must hold at most ${MAX_TAGS} tags`);
  return tags;
}

/** @returns the decoded string, null if it is an object or was rejected. */
function readGeo(reader: JsonReader): string | null {
  if (isNext(reader, QUOTE)) return reader.readString();
  if (!isNext(reader, OPEN_BRACE)) reportKind(reader, 'a string or an object', NOT_NULL);
  reader.skipValue();
  return null;
}

function isNext(reader: JsonReader, code: number): boolean {
  return reader.peek() === code;
}

function reportKind(reader: JsonReader, kind: string, nullHint: string): void {
  reader.report(`must be ${kind}${isNext(reader, LOWER_N) ? nullHint : ''}`);
}
