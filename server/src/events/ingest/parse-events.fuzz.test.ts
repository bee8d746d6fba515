import { isUtf8 } from 'node:buffer';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Problem } from '../../errors.ts';
import { arbitraryJson } from '../../../../testing/arbitrary-json.ts';
import { parseEventsBody } from './parse-events.ts';
import { repeated } from '../../../../testing/repeats.ts';

const EVENT =
  '{"category":"a","action":"é\\u00e9😀\\ud83d\\ude00","metadata":{"n":[-0.5e-3,10,0],"t":true,"x":null},' +
  '"actor":{"id":"u\\\\"},"tags":["a","b"],"timestamp":"2026-05-14T12:00:00Z"}';
const BODIES = [
  EVENT,
  `{"events":[${EVENT},{"category":"a","action":"b"}]}`,
  `{ "events" : [ ${EVENT.replaceAll(',', ' ,\n')} ] }\n`,
  '{"a":[[],{},[{}],"",0,false]}',
  '["\\ud800",1E400,"\\u0000",{"a":1,"a":2}]',
].map((text) => Buffer.from(text));

/** Bytes with a meaning in JSON or UTF-8, and arbitrary ones. */
const byte = fc.oneof(
  fc.constantFrom(...Buffer.from('{}[]:,"\\ \n\t0123456789+-.eEuntrfalsb/'), 0, 0x1f, 0xef, 0xff),
  fc.nat(255),
);
const mutation = fc.record({
  at: fc.nat(1000),
  removed: fc.nat(3),
  inserted: fc.array(byte, { maxLength: 3 }),
});

function mutate(
  body: Buffer,
  mutations: readonly { at: number; removed: number; inserted: number[] }[],
) {
  return mutations.reduce((bytes, { at, removed, inserted }) => {
    const from = at % (bytes.length + 1);
    return Buffer.concat([
      bytes.subarray(0, from),
      Buffer.from(inserted),
      bytes.subarray(from + removed),
    ]);
  }, body);
}

function isJson(body: Buffer): boolean {
  if (!isUtf8(body)) return false;
  try {
    JSON.parse(body.toString());
    return true;
  } catch {
    return false;
  }
}

/** Rethrows any error that is not a Problem. @returns whether the body was parsed as JSON. */
function isTakenForJson(body: Buffer): boolean {
  try {
    const parsed = parseEventsBody(body);
    for (const item of parsed.kind === 'single' ? [parsed.item] : parsed.items) {
      if (!item.ok && item.errors.length === 0) throw new Error('refused without a reason');
    }
    if (parsed.kind === 'single' && parsed.item.ok) {
      expect(JSON.parse(parsed.item.event.compact)).toEqual(JSON.parse(body.toString()));
    }
    return true;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return error.code !== 'MALFORMED_JSON';
  }
}

const MUTATED = repeated(2_000);
const OBJECTS = repeated(400);

test('the parser accepts the same bodies as JSON.parse and throws only Problems, for any bytes', () => {
  const broken = fc
    .tuple(fc.constantFrom(...BODIES), fc.array(mutation, { minLength: 1, maxLength: 3 }))
    .map(([body, mutations]) => mutate(body, mutations));
  let accepted = 0;
  fc.assert(
    fc.property(broken, (body) => {
      const taken = isTakenForJson(body);
      accepted += Number(taken);
      return taken === isJson(body);
    }),
    { numRuns: MUTATED },
  );
  // Both outcomes must occur often enough.
  expect(accepted).toBeGreaterThan(MUTATED / 20);
  expect(accepted).toBeLessThan(MUTATED * 0.95);
});

test('the parser accepts any JSON value as JSON', () => {
  fc.assert(
    fc.property(arbitraryJson.value, (tokens) => isTakenForJson(Buffer.from(tokens.join(' ')))),
    { numRuns: repeated(200) },
  );
});

const keyIn = (alphabet: number) =>
  fc.nat(alphabet).map((index) => String.fromCodePoint(0x61 + (index % 26)).repeat(1 + index / 26));
const escaped = (key: string) => `\\u00${key.charCodeAt(0).toString(16)}${key.slice(1)}`;

test('an object is rejected exactly if two of its decoded keys are equal', () => {
  const keys = fc
    .nat(3000)
    .chain((alphabet) =>
      fc.array(fc.tuple(keyIn(alphabet), fc.integer({ max: 20, min: 0 })), { maxLength: 80 }),
    );
  let refused = 0;
  fc.assert(
    fc.property(keys, (keys) => {
      const members = keys.map(
        ([key, randomChoice]) => `"${randomChoice === 0 ? escaped(key) : key}":{"a":1}`,
      );
      const body = `{"category":"a","action":"b","metadata":{"x":[{${members.join()}}]}}`;
      const parsed = parseEventsBody(Buffer.from(body));
      const isUnique = new Set(keys.map(([key]) => key)).size === keys.length;
      refused += Number(!isUnique);
      return parsed.kind === 'single' && parsed.item.ok === isUnique;
    }),
    { numRuns: OBJECTS },
  );
  expect(refused).toBeGreaterThan(OBJECTS / 10);
  expect(refused).toBeLessThan(OBJECTS * 0.9);
});
