import * as fc from 'fast-check';
import { hostileText } from './hostile-text.ts';

/** A route of the application, and valid values for its parts. */
export interface FuzzedRoute {
  readonly method: string;
  /** The path with `:name` or `*` for parameters. */
  readonly url: string;
  /** A valid body to start from; undefined if the route has no body. */
  readonly body?: unknown;
  /** Existing ids for `:name`. */
  readonly ids?: readonly string[];
  /** Names of query parameters. */
  readonly query?: readonly string[];
}

export interface HostileRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer<ArrayBuffer> | undefined;
  /** Replaces the caller's Authorization or cookie; undefined keeps it. */
  readonly credentials: string | undefined;
}

const anyUnits = fc
  .array(fc.nat(0xffff), { maxLength: 6 })
  .map((units) => String.fromCharCode(...units));
const text = fc.oneof(
  hostileText(40),
  anyUnits,
  fc.constantFrom(
    '',
    ' ',
    '\u0000',
    '__proto__',
    'constructor',
    '../../server/src',
    'x'.repeat(3_000),
  ),
  fc.uuid(),
);
const value: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: text },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<unknown>(
      null,
      true,
      -1,
      0,
      1,
      1e308,
      2 ** 53,
      -0.5,
      200,
      201,
      1e9,
      [],
      {},
      ['a', 'a'],
      [[]],
      [null],
      '2026-05-14T12:00:00Z',
      '9999-12-31T23:59:60Z',
      'P1D',
      '24h',
      Array.from({ length: 150 }, String),
    ),
  },
);

/** Any request that a client could send to a route, usually close to a valid one. */
export function hostileRequest(route: FuzzedRoute): fc.Arbitrary<HostileRequest> {
  const request = fc.record({
    path: hostilePath(route),
    query: hostileQuery(route.query ?? []),
    headers: hostileHeaders,
    body: hostileBody(route),
    credentials: fc.oneof(
      { weight: 12, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: hostileCredentials },
    ),
  });
  return request.map(({ path, query, ...rest }) => ({
    ...rest,
    path: query === '' ? path : `${path}?${query}`,
  }));
}

function hostilePath({ url, ids = [] }: FuzzedRoute): fc.Arbitrary<string> {
  const segment = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...(ids.length === 0 ? ['none'] : ids)) },
    { weight: 1, arbitrary: fc.constantFrom(...ids.map((id) => id.toUpperCase()), 'x') },
    { weight: 1, arbitrary: fc.uuid() },
    {
      weight: 2,
      arbitrary: text.map((one) => encodeURIComponent(one.toWellFormed()).slice(0, 900)),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom('%', '%zz', '%00', '%2e%2e%2f', '..', '%ff', ';a=b', '*'),
    },
  );
  const parts = url.split(/(:\w+|\*)/);
  return fc
    .tuple(...parts.map((part) => (/^(?::\w+|\*)$/.test(part) ? segment : fc.constant(part))))
    .map((filled) => filled.join(''));
}

function hostileQuery(names: readonly string[]): fc.Arbitrary<string> {
  const name = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...(names.length === 0 ? ['a'] : names)) },
    { weight: 1, arbitrary: text },
  );
  const written = value.map((one) => (typeof one === 'string' ? one : (JSON.stringify(one) ?? '')));
  const pair = fc.tuple(name, written);
  return fc.oneof(
    { weight: 4, arbitrary: fc.constant('') },
    {
      weight: 5,
      arbitrary: fc
        .array(pair, { maxLength: 4 })
        .map((pairs) =>
          new URLSearchParams(
            pairs.map(([n, v]): [string, string] => [n.toWellFormed(), v.toWellFormed()]),
          ).toString(),
        ),
    },
    // Raw values: unencoded, partly encoded or repeated.
    {
      weight: 1,
      arbitrary: fc.array(pair, { maxLength: 3 }).map((pairs) =>
        pairs
          .map(([n, v]) => `${n}=${v}`)
          .join('&')
          .replaceAll(/[^!-~]|#/g, '%'),
      ),
    },
    {
      weight: 1,
      arbitrary: pair.map(([n]) =>
        `${encodeURIComponent(n.toWellFormed())}=1&`.repeat(200).slice(0, 9_000),
      ),
    },
  );
}

/** Latin-1 without control characters, which is all that HTTP clients can send. */
const headerText = fc.oneof(
  fc.string({
    unit: fc.constantFrom(...Array.from(`bytes=-,0123456789"*W/;: '%()<>@[]{}`)),
    maxLength: 40,
  }),
  fc
    .array(fc.integer({ min: 0x20, max: 0xff }), { maxLength: 300 })
    .map((bytes) => String.fromCharCode(...bytes.filter((byte) => byte !== 0x7f)).trim()),
);

const HEADERS = [
  'range',
  'if-range',
  'if-match',
  'if-none-match',
  'idempotency-key',
  'content-encoding',
  'accept',
  'accept-encoding',
  'origin',
  'x-forwarded-for',
  'x-exhibit-client-ip',
  'x-exhibit-user-agent',
  'user-agent',
  'x-request-id',
  'sec-fetch-site',
] as const;
const CONTENT_TYPES = [
  'text/plain',
  'application/json; charset=utf-16',
  'multipart/form-data; boundary=x',
  'application/x-www-form-urlencoded',
  'application/problem+json',
  'application/json;',
] as const;

const header: fc.Arbitrary<[string, string]> = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(fc.constantFrom(...HEADERS), headerText) },
  {
    weight: 4,
    arbitrary: fc.constantFrom<[string, string]>(
      ['range', 'bytes=0-'],
      ['range', 'bytes=5-4'],
      ['range', 'bytes=0-0,1-1'],
      ['if-match', '"1"'],
      ['if-match', '*'],
      ['idempotency-key', '00000000-0000-4000-8000-000000000000'],
      ['content-encoding', 'gzip'],
      ['x-filler', 'x'.repeat(9_000)],
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(
      fc.constant('content-type'),
      fc.oneof(headerText, fc.constantFrom(...CONTENT_TYPES)),
    ),
  },
);

const hostileHeaders = fc
  .oneof(
    { weight: 1, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(header, { maxLength: 3 }) },
  )
  .map((headers) => Object.fromEntries(headers.filter(([, one]) => one !== '')));

const hostileCredentials = fc.oneof(
  fc.constantFrom(
    'Bearer',
    'Bearer  ',
    'Basic YTpi',
    'Bearer exh_us_',
    'Bearer exh_eu_aaaa',
    `Bearer ${'a'.repeat(8_000)}`,
    'Bearer eyJhbGciOiJub25lIn0.e30.',
    'Bearer eyJhbGciOiJFZERTQSIsImtpZCI6InRlc3QifQ.e30.AAAA',
    'Bearer a.b.c',
  ),
  headerText,
);

function hostileBody({ method, body }: FuzzedRoute): fc.Arbitrary<HostileRequest['body']> {
  if (method === 'GET' || method === 'HEAD') return fc.constant(undefined);
  const near = body === undefined ? fc.constant('{}') : mutated(body);
  return fc.oneof(
    { weight: 10, arbitrary: near },
    { weight: 1, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.json({ maxDepth: 4 }) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)) },
    {
      weight: 1,
      arbitrary: fc.tuple(near, fc.nat(200)).map(([json, length]) => json.slice(0, length)),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        '['.repeat(20_000),
        `{"a":`.repeat(5_000),
        `"${'\\u0000'.repeat(500)}"`,
        `{"a":1,"a":2}`,
        '1e999999',
        ' ',
        '\ufeff{}',
      ),
    },
  );
}

/** A valid body with one to three changes: a removed field, another value or an additional field. */
function mutated(body: unknown): fc.Arbitrary<string> {
  const change = fc.record({
    at: fc.nat(1_000),
    how: fc.constantFrom('replace', 'replace', 'remove', 'add', 'wrap'),
    name: text,
    value,
  });
  return fc.array(change, { maxLength: 3 }).map((changes) => {
    const copy = { root: structuredClone(body) } as Record<string, unknown>;
    for (const { at, how, name, value: drawn } of changes) {
      // Copy the value: constants are shared between cases, and inserted values are changed too.
      const put = structuredClone(drawn);
      const places = placesIn(copy);
      const [holder, key] = places[at % places.length] ?? [copy, 'root'];
      if (how === 'remove' && holder !== copy) Reflect.deleteProperty(holder, key);
      else if (how === 'wrap') Reflect.set(holder, key, [holder[key]]);
      else if (how === 'add' && isHolder(holder[key])) Reflect.set(holder[key], name, put);
      else Reflect.set(holder, key, put);
    }
    return JSON.stringify(copy['root']) ?? '';
  });
}

type Holder = Record<string, unknown>;

function isHolder(one: unknown): one is Holder {
  return typeof one === 'object' && one !== null;
}

function placesIn(holder: Holder): [Holder, string][] {
  return Object.keys(holder).flatMap((key): [Holder, string][] => {
    const one = holder[key];
    return [[holder, key], ...(isHolder(one) ? placesIn(one) : [])];
  });
}
