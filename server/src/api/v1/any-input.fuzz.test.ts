import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formatMetadataPath } from '../../../../contract/metadata-path.ts';
import { EVENT_QUERY_FIELDS } from '../../events/query/event-query-schema.ts';
import { startExportWorker } from '../../exports/run/export-worker.ts';
import { finishedExport, startExport } from '../../../../testing/finished-export.ts';
import { startTestApi, type TestApi } from '../../../../testing/test-api.ts';
import { createTestRegion, type TestRegion } from '../../../../testing/test-region.ts';
import { patient } from '../../../../testing/patience.ts';
import { repeated } from '../../../../testing/repeats.ts';

const ANSWER_WITHIN_MS = patient(5_000);
const RUNS = { numRuns: repeated(10) };

let region: TestRegion;
let api: TestApi;
let key: string;
let workspaceId: string;
let jobId: string;

beforeAll(async () => {
  region = await createTestRegion();
  api = await startTestApi([region.api]);
  const company = await region.company();
  [workspaceId] = company.workspaceIds;
  key = await region.key(company);
  const event = { workspaceId, category: 'c', action: 'a', metadata: { a: { b: [1, 'x'] } } };
  const events = Array.from({ length: 20 }, () => event);
  await api.request(key, 'POST', '/v1/events', { body: { events } });
  const worker = await startExportWorker(region.worker());
  ({ jobId } = await finishedExport(api, key, { format: 'CSV' }));
  await worker.stop();
});

afterAll(async () => {
  await api?.[Symbol.asyncDispose]();
  await region?.[Symbol.asyncDispose]();
});

interface Sent {
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Expects an answer in time, never a 5xx, and a problem document for every error. */
async function expectAnswer(method: string, path: string, { body, headers }: Sent = {}) {
  const answer = await fetch(`${api.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body }),
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
  });
  const text = await answer.text();
  expect(answer.status, text).toBeLessThan(500);
  if (answer.status < 400) return;
  expect(answer.headers.get('content-type'), text).toMatch(/^application\/problem\+json\b/);
  const problem: unknown = JSON.parse(text);
  expect(problem).toMatchObject({ status: answer.status, code: expect.any(String) as string });
}

/** The most hostile text that JSON can contain: any code unit, including NUL and unpaired surrogates. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.array(fc.nat(0xffff), { maxLength: 5 }).map((units) => String.fromCharCode(...units)),
  fc.constantFrom('', ' ', '\u0000', `'`, '\\', '%', '%_\\', '{}', '__proto__', 'x'.repeat(300)),
);
const value = fc.oneof(
  text,
  fc.jsonValue({ maxDepth: 3 }),
  fc.double(),
  fc.constantFrom([], {}, null, -1, 1e308, 2 ** 53, '2026-05-14T12:00:00Z', ['a', 'a']),
);

/** A document of the right shape in which some fields have arbitrary values. */
function near(names: readonly string[], base: object): fc.Arbitrary<string> {
  const name = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...names) },
    { weight: 1, arbitrary: text },
  );
  return fc
    .array(fc.tuple(name, value), { minLength: 1, maxLength: 3 })
    .map((fields) => JSON.stringify({ ...base, ...Object.fromEntries(fields) }));
}

const anyBody = fc.oneof(
  fc.json({ maxDepth: 4 }),
  fc.uint8Array({ maxLength: 50 }).map((bytes) => new Uint8Array(bytes)),
  text.filter((body) => body.isWellFormed()),
);

const EVENT_FIELDS =
  'timestamp workspaceId projectId category action actor resource metadata tags traceId ipAddress geo userAgent idempotencyKey events'.split(
    ' ',
  );

test('POST /v1/events answers any body in time and never with a 5xx', async () => {
  const event = near(EVENT_FIELDS, { workspaceId, category: 'c', action: 'a' });
  const batch = fc.array(event, { maxLength: 5 }).map((events) => `{"events":[${events.join()}]}`);
  const body = fc.oneof(event, batch, anyBody);
  await fc.assert(
    fc.asyncProperty(body, (body) => expectAnswer('POST', '/v1/events', { body })),
    { numRuns: repeated(20) },
  );
});

test('POST /v1/exports answers any body and Idempotency-Key in time and never with a 5xx', async () => {
  const names = ['source', 'format', 'filters', 'limit', 'compression', 'csv', 'purpose'];
  const filtered = near([...EVENT_QUERY_FIELDS.keys()], {}).map(
    (filters) => `{"format":"JSONL","filters":${filters}}`,
  );
  const body = fc.oneof(filtered, near(names, { format: 'JSONL' }), anyBody);
  const header = fc.option(fc.array(fc.integer({ min: 0x21, max: 0xff }), { maxLength: 300 }));
  await fc.assert(
    fc.asyncProperty(body, header, (body, bytes) => {
      const value = String.fromCharCode(...(bytes ?? []).filter((byte) => byte !== 0x7f));
      const headers = bytes === null ? {} : { 'idempotency-key': value };
      return expectAnswer('POST', '/v1/exports', { body, headers });
    }),
    { numRuns: repeated(16) },
  );
});

/** A query string: known parameters with hostile values, percent-encoded or not. */
const queryString = fc
  .array(
    fc.tuple(
      fc.oneof(
        { weight: 6, arbitrary: fc.constantFrom(...EVENT_QUERY_FIELDS.keys()) },
        {
          weight: 3,
          arbitrary: fc.constantFrom('limit', 'cursor', 'last', 'previous', 'status', 'format'),
        },
        { weight: 1, arbitrary: text },
      ),
      fc.oneof(
        value.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))),
        text,
      ),
    ),
    { maxLength: 4 },
  )
  .chain((pairs) =>
    fc.constantFrom(
      new URLSearchParams(
        pairs.map(([name, one]): [string, string] => [name, one ?? '']),
      ).toString(),
      pairs
        .map(([name, one]) => `${name}=${one}`)
        .join('&')
        .replaceAll('#', '%'),
    ),
  );

/** Unusual text that passes the schema, so that it reaches the database. */
const allowedText = fc
  .oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }),
    fc.string({
      unit: fc.constantFrom(...Array.from(`'"\\%_$;-{}[]().,*?|^:& a`)),
      minLength: 1,
      maxLength: 12,
    }),
    fc.constantFrom(
      `' OR 1=1 --`,
      `\\'; DROP TABLE events; --`,
      '$1',
      '{a,b}',
      'NULL',
      'null',
      '1e400',
    ),
  )
  .filter((one) => one.isWellFormed() && !one.includes('\u0000') && one.trim() !== '');
const allowedValues = fc.array(allowedText, { minLength: 1, maxLength: 3 });
const allowedFilter = fc.record(
  {
    search: allowedText,
    categories: allowedValues,
    tags: allowedValues,
    actorEmails: allowedValues,
    metadata: fc.array(
      fc.record({
        path: allowedText.map((key) =>
          formatMetadataPath({ segments: [key], maybeInMember: false }),
        ),
        op: fc.constantFrom('eq', 'contains'),
        value: fc.oneof(
          allowedText,
          fc.boolean(),
          fc.integer(),
          fc.double({ noNaN: true, min: -1e15, max: 1e15 }),
        ),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  },
  { requiredKeys: [] },
);

test('the list and the export accept every valid filter and count the same events', async () => {
  await fc.assert(
    fc.asyncProperty(allowedFilter, async ({ metadata, ...lists }) => {
      const query = new URLSearchParams(
        Object.entries(lists).flatMap(([name, values]) =>
          [values].flat().map((one): [string, string] => [name, one]),
        ),
      );
      if (metadata !== undefined) query.set('metadata', JSON.stringify(metadata));
      const listed = await api.request(key, 'GET', `/v1/events?limit=200&${query.toString()}`);
      expect(listed.status, await listed.clone().text()).toBe(200);
      const filters = { ...lists, ...(metadata === undefined ? {} : { metadata }) };
      const { rowsExpected } = await startExport(api, key, { format: 'JSONL', filters });
      expect(((await listed.json()) as { data: unknown[] }).data).toHaveLength(rowsExpected ?? -1);
    }),
    RUNS,
  );
});

test.each(['/v1/events', '/v1/exports', '/v1/keys/status'])(
  'GET %s answers any query string in time and never with a 5xx',
  async (path) => {
    await fc.assert(
      fc.asyncProperty(queryString, (query) => expectAnswer('GET', `${path}?${query}`)),
      RUNS,
    );
  },
);

test('the routes of one export answer any id and headers in time and never with a 5xx', async () => {
  const route = fc.constantFrom(
    ['GET', ''],
    ['GET', '/download'],
    ['HEAD', '/download'],
    ['POST', '/cancel'],
  );
  // Longer ids and broken %-escapes do not reach a route (problem-handler.test.ts).
  const anyId = fc
    .string({ unit: 'binary', minLength: 1, maxLength: 30 })
    .filter((id) => id.isWellFormed() && !/^\.+$/.test(id));
  const header = fc
    .array(
      fc.oneof(
        fc.constantFrom(...Array.from('bytes=-,0123456789"*W/')),
        fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
      ),
      { maxLength: 30 },
    )
    .chain((characters) =>
      fc.constantFrom('', 'bytes=').map((start) => start + characters.join('').trim()),
    );
  await fc.assert(
    fc.asyncProperty(
      route,
      fc.option(anyId),
      header,
      header,
      async ([method = '', suffix = ''], id, range, tag) => {
        const headers = { range, 'if-range': tag, 'if-none-match': tag };
        const path = `/v1/exports/${encodeURIComponent(id ?? jobId)}${suffix}`;
        if (method === 'HEAD') {
          const answer = await fetch(`${api.url}${path}`, {
            method,
            headers: { ...headers, authorization: `Bearer ${key}` },
            signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
          });
          expect(answer.status).toBeLessThan(500);
        } else await expectAnswer(method, path, { headers });
      },
    ),
    RUNS,
  );
});
