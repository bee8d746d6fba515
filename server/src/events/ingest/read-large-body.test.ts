import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { Problem } from '../../errors.ts';
import { JsonReader } from '../../../../contract/json/json-reader.ts';
import { parseEventsBody } from './parse-events.ts';
import type { ParsedEvents } from './parsed-event.ts';
import { readLargeBody } from './read-large-body.ts';
import { patient } from '../../../../testing/patience.ts';

const EVENT = '{"category":"auth","action":"login","metadata":{"n":1.50,"t":"a\\n\\"}]"}}';
const reader = new JsonReader((detail) => new Problem('MALFORMED_JSON', detail));

/** The parsed body, or the code of the error. */
function outcome(read: () => ParsedEvents): unknown {
  try {
    return read();
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
}

function readInSteps(body: Buffer): ParsedEvents {
  const steps = readLargeBody(body, reader);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

test.each([
  EVENT,
  ` { "category" : "auth", "action":"b\\u00e9", "tags":["x", "y"], "metadata":{"é":"😀"} } `,
  `{"events":[${EVENT},${EVENT}]}`,
  `{ "events" : [ ${EVENT} , {"category":"a"}, 1, "x", null, [], {} ] }`,
  `{"\\u0065vents":[${EVENT}]}`,
  `{"category":"a","action":"b","metadata":{"a":[${' 1 , '.repeat(60)} 2 ],"é":[${' "ü" ,\n'.repeat(60)} 2 ] } }`,
  '{"events":[]}',
  '{"events":{}}',
  '{"events":1}',
  `{"events":[${EVENT}],"other":[1,{"a":"]"}]}`,
  `{"other":1,"events":[${EVENT}]}`,
  `{"events":[${EVENT}],"events":[${EVENT}]}`,
  `{"events":[${EVENT}`,
  `{"events":[${EVENT}]`,
  `{"events":[${EVENT},]}`,
  `{"events":[,${EVENT}]}`,
  `{"events":[${EVENT}${EVENT}]}`,
  `{"events":[{"a":1]}]}`,
  `{"events":[${EVENT}]}x`,
  `{"events":[tru]}`,
  `{"events":["unclosed]}`,
  `{"events":["\\"]}`,
  '{"a" 1}',
  '{1:2}',
  '[1]',
  '',
  `{"events":[${Array(1001).fill('1').join()}]}`,
  `{"category":"auth","action":"x","metadata":{"__proto__":1,"a":1,"a":2}}`,
  `{"category":"auth","action":"x","metadata":{"a":"\\ud800","b":"\\u0000","c":1e1001}}`,
  `{"events":[{"category":"auth","action":"x","metadata":${'{"a":'.repeat(70)}1${'}'.repeat(70)}}]}`,
])('reading event by event has the same outcome as reading in one step: %s', (text) => {
  const body = Buffer.from(text);
  expect(outcome(() => readInSteps(body))).toEqual(outcome(() => parseEventsBody(body)));
});

describe('reading stops at a limit', () => {
  const withMetadata = (metadata: string) =>
    `{"category":"a","action":"b","metadata":{${metadata}}}`;

  test(
    'reading a body of the maximum size takes at most a few times as long as plain text of that size',
    async () => {
      const { stdout } = await promisify(execFile)(process.execPath, [
        fileURLToPath(new URL('../../../../testing/hostile-bodies.ts', import.meta.url)),
      ]);
      const figures = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { name: string; cpuMs: number });
      const plain = figures.find(({ name }) => name === 'plain text')?.cpuMs ?? 0;
      // One second on an idle core. The comparison with plain text allows for a slow or shared machine.
      const tooSlow = figures.filter(({ cpuMs }) => cpuMs > Math.max(1_000, plain * 6));
      expect(figures.length).toBeGreaterThan(10);
      expect(tooSlow).toEqual([]);
    },
    patient(300_000),
  );

  test.each(['x', 'é', '€'])('many gaps are removed and everything else is kept: %s', (text) => {
    const compact = `{"category":"a","action":"b","metadata":{"a":[${Array(100).fill(`"${text} ${text}",1`).join()}]}}`;
    const spaced = compact
      .replaceAll(',', ' ,\t\r\n ')
      .replaceAll('[', ' [ ')
      .replaceAll(']', ' ] ');
    const parsed = parseEventsBody(Buffer.from(spaced));
    expect(parsed).toMatchObject({ item: { ok: true, event: { compact } } });
  });

  test('reading stops at 10,000 keys of an event', () => {
    const keys = Array.from({ length: 12_000 }, (_, n) => `"k${n}":1`);
    const refused = parseEventsBody(Buffer.from(withMetadata(keys.join())));
    expect(refused).toMatchObject({
      kind: 'single',
      item: { ok: false, errors: [{ path: '', message: 'must have at most 10000 keys' }] },
    });
  });

  test('reading stops at 256 KiB of an event, and the other events are stored', () => {
    const large = withMetadata(`"a":"${'x'.repeat(300_000)}"`);
    const parsed = parseEventsBody(Buffer.from(`{"events":[${EVENT},${large},${EVENT}]}`));
    expect(parsed).toMatchObject({
      items: [
        { ok: true },
        { ok: false, errors: [{ path: '', message: 'must be at most 262144 bytes' }] },
        { ok: true },
      ],
    });
  });
});
