import { eventsBodySteps } from '../server/src/events/ingest/parse-events.ts';
import { Problem } from '../server/src/errors.ts';

// Parses hostile bodies of the maximum size and prints one line of JSON for each: {name, cpuMs, longestMs}. It is a
// separate program because the test runner's module transform makes the parser several times slower.

const SIZE = 60 * 1024 * 1024;
const EVENT_SIZE = 60_000;

function filled(value: (n: number) => string, bytes: number): string {
  const parts: string[] = [];
  for (let length = 0, n = 0; length < bytes; n += 1) {
    const part = value(n);
    parts.push(part);
    length += part.length + 1;
  }
  return parts.join();
}

const key = (n: number) => `"k${n}":1`;
const batch = (event: string, count = 1000) => `{"events":[${Array(count).fill(event).join()}]}`;
const withMetadata = (members: string) => `{"category":"a","action":"b","metadata":{${members}}}`;
const ESCAPES = String.raw`\"\\\n\u00e9\ud83d\ude00`;

const BODIES: Readonly<Record<string, () => string>> = {
  'plain text': () => batch(withMetadata(`"a":"${'x'.repeat(EVENT_SIZE)}"`)),
  'five million keys in one event': () => withMetadata(filled(key, SIZE)),
  'unknown fields': () => batch(`{${filled(key, EVENT_SIZE)}}`),
  'metadata keys': () => batch(withMetadata(filled(key, EVENT_SIZE))),
  'one key again and again': () => batch(withMetadata(filled(() => '"k":1', EVENT_SIZE))),
  'small values': () => batch(withMetadata(`"a":[${filled(() => '1', EVENT_SIZE)}]`)),
  'values instead of events': () => `{"events":[${'1,'.repeat(SIZE / 2)}1]}`,
  'members instead of events': () => `{${filled(key, SIZE)}}`,
  'open brackets': () => `{"events":[${'['.repeat(SIZE)}`,
  'a string of quotes': () => `{"events":["${String.raw`\"`.repeat(SIZE / 2)}"]}`,
  'a number': () => `{"events":[${'9'.repeat(SIZE)}]}`,
  'whitespace between values': () =>
    batch(withMetadata(`"a":[${filled(() => ' 1 ', EVENT_SIZE)}]`)),
  'events of almost 256 KiB': () => batch(withMetadata(filled(key, 261_000)), 230),
  escapes: () => batch(withMetadata(`"a":"${ESCAPES.repeat(2_500)}"`)),
  'a broken last byte': () => `${batch(withMetadata(filled(key, EVENT_SIZE)))}!`,
};

const only = process.argv[2];
for (const [name, make] of Object.entries(BODIES)) {
  if (only !== undefined && only !== name) continue;
  const body = Buffer.from(make());
  const before = process.cpuUsage();
  let longestMs = 0;
  try {
    const steps = eventsBodySteps(body);
    for (let done = false; !done; ) {
      const startedAt = performance.now();
      done = steps.next().done === true;
      longestMs = Math.max(longestMs, performance.now() - startedAt);
    }
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
  }
  const { user, system } = process.cpuUsage(before);
  const figures = { cpuMs: Math.round((user + system) / 1000), longestMs: Math.round(longestMs) };
  process.stdout.write(`${JSON.stringify({ name, mib: body.length >> 20, ...figures })}\n`);
}
