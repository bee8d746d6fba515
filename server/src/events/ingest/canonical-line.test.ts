import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { arbitraryJson, arbitraryNesting } from '../../../../testing/arbitrary-json.ts';
import { formatLine, hashItem, leafHash, type StoredIdentity } from './canonical-line.ts';
import { createEventId } from '../../event-id.ts';
import { parseEventsBody } from './parse-events.ts';
import { eventOf } from '../../../../testing/parse-for-test.ts';
import { repeated } from '../../../../testing/repeats.ts';

const STORED: StoredIdentity = {
  id: createEventId(Date.UTC(2026, 4, 14) * 1000),
  companyId: '01990000-0000-7000-8000-00000000000c',
  workspaceId: '01990000-0000-7000-8000-00000000000a',
  timestampText: '2026-05-14T00:00:00Z',
};
const OWN = `"companyId":"${STORED.companyId}","workspaceId":"${STORED.workspaceId}"`;

test('a line has a fixed key order and keeps values as sent', () => {
  const event =
    eventOf(`{"idempotencyKey":"k","userAgent":"ua","geo":{"b":1,"a":2},"ipAddress":"ip",
    "traceId":"t","tags":[ "z" ],"metadata":{"2":1.0,"1":1e2},"resource":{"id":"r","type":"doc"},
    "actor":{"role":"x","id":"u"},"action":" lo\\/gin","category":"a","projectId":"p",
    "workspaceId":"sent","timestamp":"2026-05-14T12:00:00.000+02:00"}`);
  expect(formatLine(event, STORED)).toBe(
    `{"id":"${STORED.id}","timestamp":"2026-05-14T12:00:00.000+02:00",${OWN},"projectId":"p",` +
      '"category":"a","action":" lo\\/gin","actor":{"role":"x","id":"u"},' +
      '"resource":{"id":"r","type":"doc"},"metadata":{"2":1.0,"1":1e2},"tags":["z"],' +
      '"traceId":"t","ipAddress":"ip","geo":{"b":1,"a":2},"userAgent":"ua","idempotencyKey":"k"}',
  );
});

test('absent fields stay absent in a line, except that a missing timestamp is added', () => {
  expect(formatLine(eventOf('{"action":"b","category":"a"}'), STORED)).toBe(
    `{"id":"${STORED.id}","timestamp":"2026-05-14T00:00:00Z",${OWN},"category":"a","action":"b"}`,
  );
});

const metadata = fc.oneof(
  arbitraryJson.object,
  // The event and its metadata are the first two of 64 levels.
  arbitraryNesting({ min: 0, max: 62 }).map((inner) => ['{', '"a"', ':', ...inner, '}']),
);

test('a line keeps every digit, code point, escape and key of any JSON, in order', () => {
  fc.assert(
    fc.property(metadata, (tokens) => {
      const text = tokens.join('');
      const sent = `{"category":"a","action":"b","metadata":${text}}`;
      const event = eventOf(sent);
      const line = formatLine(event, STORED);
      expect(event.compact).toBe(sent);
      expect(line).toBe(
        `{"id":"${STORED.id}","timestamp":"2026-05-14T00:00:00Z",${OWN},"category":"a","action":"b","metadata":${text}}`,
      );
      expect(metadataOf(line)).toEqual(metadataOf(sent));
    }),
    { numRuns: repeated(200) },
  );
});

test('a line drops whitespace between tokens and keeps it inside strings', () => {
  const gap = fc.string({ unit: fc.constantFrom(' ', '\t', '\n', '\r'), maxLength: 3 });
  const gaps = fc.infiniteStream(gap);
  fc.assert(
    fc.property(metadata, arbitraryJson.object, gaps, (tokens, geo, gaps) => {
      const start = '{ "category" : "a" , "action" : "b" , "metadata" :'.split(' ');
      const all = [...start, ...tokens, ',', '"geo"', ':', ...geo, '}'];
      const spaced = all.map((token) => (gaps.next().value ?? '') + token).join('');
      const event = eventOf(`${spaced}\n`);
      expect(event.compact).toBe(all.join(''));
      expect(event.raw.metadata).toBe(tokens.join(''));
      expect(event.columns.geo).toBe(geo.join(''));
      const batch = parseEventsBody(Buffer.from(` { "events" : [ ${spaced} ,${spaced} ] } `));
      const item = { ok: true, event: { ...event } };
      expect(batch).toEqual({ kind: 'batch', items: [item, item] });
    }),
    { numRuns: repeated(100) },
  );
});

test('a line starts with its ID and contains no newline', () => {
  fc.assert(
    fc.property(arbitraryJson.object, (tokens) => {
      const text = `{\n"category":"a\\n",\r\n"action":"b","metadata":${tokens.join('\n')}}`;
      const line = formatLine(eventOf(text), STORED);
      expect(line.slice(0, 44)).toBe(`{"id":"${STORED.id}"`);
      expect(line).not.toMatch(/[\n\r]/);
    }),
    { numRuns: repeated(50) },
  );
});

test('hashes are SHA-256 of the UTF-8 text; a leaf hash has a leading zero byte', () => {
  const text = '{"a":"é😀"}';
  expect(hashItem(text)).toEqual(createHash('sha256').update(text, 'utf8').digest());
  const leaf = Buffer.concat([Buffer.of(0), Buffer.from(text)]);
  expect(leafHash(text)).toEqual(createHash('sha256').update(leaf).digest());
});

function metadataOf(text: string): unknown {
  const parsed: unknown = JSON.parse(text);
  if (typeof parsed !== 'object' || parsed === null || !('metadata' in parsed))
    throw new Error(text);
  return parsed.metadata;
}
