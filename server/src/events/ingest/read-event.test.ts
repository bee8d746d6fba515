import { describe, expect, test } from 'vitest';
import { parseEventsBody } from './parse-events.ts';
import { errorsOf, eventOf } from '../../../../testing/parse-for-test.ts';

const BASE = '"category":"auth","action":"login"';
const STRING = 'must be a string';
const NOT_NULL = '; leave the field out instead of null';
const DUPLICATE = 'duplicate key';
const NUL = 'must not contain \\u0000';
const LONE = 'must not contain a lone surrogate';
const EXPONENT = 'must not have an exponent beyond ±1000';
const UNKNOWN = 'unknown field';
const TIMESTAMP =
  'must be an RFC 3339 time such as 2026-05-14T12:00:00Z, from 1970 to 2099 (UTC), with at most 9 sub-second digits';

describe('an event that violates the contract is rejected with the path of each error', () => {
  test.each<[string, ...[path: string, message: string][]]>([
    ['{}', ['category', 'is required'], ['action', 'is required']],
    ['{"category":"","action":"a"}', ['category', 'must be 1 to 256 characters']],
    ['{"category":" \\t\u00a0","action":"a"}', ['category', 'must not be blank']],
    ['{"category":null,"action":3}', ['category', STRING], ['action', STRING]],
    [`{"category":"a","action":"${'é'.repeat(257)}"}`, ['action', 'must be 1 to 256 characters']],
    [`{"category":"a","action":"${'😀'.repeat(257)}"}`, ['action', 'must be 1 to 256 characters']],
  ])('an event without a required field is rejected: %s', (body, ...faults) => {
    expect(errorsOf(body)).toEqual(faults.map(([path, message]) => ({ path, message })));
  });

  test.each<[string, ...[path: string, message: string][]]>([
    ['"timestamp":"2026-02-30T00:00:00Z"', ['timestamp', TIMESTAMP]],
    ['"timestamp":1700000000', ['timestamp', STRING]],
    ['"timestamp":null', ['timestamp', STRING + NOT_NULL]],
    ['"workspaceId":""', ['workspaceId', 'must be 1 to 256 characters']],
    ['"workspaceId":"  "', ['workspaceId', 'must not be blank']],
    ['"projectId":""', ['projectId', 'must be 1 to 256 characters']],
    ['"projectId":null', ['projectId', STRING + NOT_NULL]],
    ['"actor":"bob"', ['actor', 'must be an object']],
    ['"actor":null', ['actor', 'must be an object' + NOT_NULL]],
    ['"actor":{"id":7,"email":null}', ['actor.id', STRING], ['actor.email', STRING + NOT_NULL]],
    [
      '"actor":{"name":"Bob","__proto__":{}}',
      ['actor.name', UNKNOWN],
      ['actor.__proto__', UNKNOWN],
    ],
    ['"resource":[]', ['resource', 'must be an object']],
    ['"resource":{"type":{},"name":"x"}', ['resource.type', STRING], ['resource.name', UNKNOWN]],
    ['"metadata":[]', ['metadata', 'must be an object']],
    ['"metadata":"{}"', ['metadata', 'must be an object']],
    ['"metadata":null', ['metadata', 'must be an object' + NOT_NULL]],
    ['"tags":"a"', ['tags', 'must be an array']],
    ['"tags":["a",null,["b"]]', ['tags[1]', STRING], ['tags[2]', STRING]],
    [`"tags":["${'x'.repeat(257)}"]`, ['tags[0]', 'must be at most 256 characters']],
    [`"tags":[${Array(21).fill('"a"').join()}]`, ['tags', 'must hold at most 20 tags']],
    ['"traceId":1', ['traceId', STRING]],
    ['"ipAddress":null', ['ipAddress', STRING + NOT_NULL]],
    ['"userAgent":false', ['userAgent', STRING]],
    ['"geo":[]', ['geo', 'must be a string or an object']],
    ['"geo":null', ['geo', 'must be a string or an object' + NOT_NULL]],
    ['"idempotencyKey":""', ['idempotencyKey', 'must be 1 to 1024 characters']],
    [`"idempotencyKey":"${'k'.repeat(1025)}"`, ['idempotencyKey', 'must be 1 to 1024 characters']],
    ['"id":"x","seq":1', ['id', UNKNOWN], ['seq', UNKNOWN]],
    ['"__proto__":{},"toString":1', ['__proto__', UNKNOWN], ['toString', UNKNOWN]],
    ['"Category":"a","an odd.name":1', ['Category', UNKNOWN], ['["an odd.name"]', UNKNOWN]],
    ['"traceId":"a","traceId":"a"', ['traceId', DUPLICATE]],
    ['"traceId":"a","tr\\u0061ceId":"a"', ['traceId', DUPLICATE]],
    ['"actor":{"id":"a","id":"b"}', ['actor.id', DUPLICATE]],
    ['"metadata":{"a":[{"b":{"c":1,"d":2,"c":3}}]}', ['metadata.a[0].b.c', DUPLICATE]],
    ['"metadata":{"a":1,"\\u0061":2}', ['metadata.a', DUPLICATE]],
    ['"metadata":{"\\u0061":1,"b":2,"a":2}', ['metadata.a', DUPLICATE]],
    ['"metadata":{"k6hyv":1,"kd2ye":2,"k6hyv":3}', ['metadata.k6hyv', DUPLICATE]],
    [`"metadata":{${manyKeys(40)},"k39":0}`, ['metadata.k39', DUPLICATE]],
    [`"metadata":{${manyKeys(33)},"k0":0}`, ['metadata.k0', DUPLICATE]],
    ['"traceId":"a\\u0000b"', ['traceId', NUL]],
    ['"metadata":{"a":["x",{"b":"\\u0000"}]}', ['metadata.a[1].b', NUL]],
    ['"metadata":{"\\u0000":1}', ['metadata["\\u0000"]', NUL]],
    ['"actor":{"id":"\\ud83d"}', ['actor.id', LONE]],
    ['"metadata":{"a":"\\ud83dx"}', ['metadata.a', LONE]],
    ['"metadata":{"a":"\\udE00\\ud83d"}', ['metadata.a', LONE]],
    ['"metadata":{"a":"\\ud83d\\ud83d\\ude00"}', ['metadata.a', LONE]],
    ['"metadata":{"a":"\\ud83d\\u0000"}', ['metadata.a', NUL], ['metadata.a', LONE]],
    ['"metadata":{"\\udfff":1}', ['metadata["\\udfff"]', LONE]],
    ['"tags":["\\udc00"]', ['tags[0]', LONE]],
    ['"geo":{"a":1e1001}', ['geo.a', EXPONENT]],
    ['"metadata":{"a":[1,-2.5E-1001]}', ['metadata.a[1]', EXPONENT]],
    ['"metadata":{"a":1e99999999999999999999}', ['metadata.a', EXPONENT]],
    [
      `"metadata":${nested(64)}`,
      ['metadata' + '.a'.repeat(63), 'must not be nested more than 64 levels deep'],
    ],
  ])('an event with an invalid field is rejected: %s', (members, ...faults) => {
    const expected = faults.map(([path, message]) => ({ path, message }));
    expect(errorsOf(`{${BASE},${members}}`)).toEqual(expected);
    // In a batch, paths start at the event too.
    const batch = parseEventsBody(Buffer.from(`{"events":[{${BASE}},{${BASE},${members}}]}`));
    expect(batch).toMatchObject({ items: [{ ok: true }, { ok: false, errors: expected }] });
  });

  test('a rejected event lists at most twenty errors, with paths of bounded length', () => {
    const members = Array.from({ length: 50 }, (_, index) => `"${index}${'x'.repeat(5000)}":1`);
    const errors = errorsOf(`{${members.join()}}`);
    expect(errors).toHaveLength(20);
    expect(Math.max(...errors.map(({ path }) => path.length))).toBeLessThanOrEqual(210);
  });

  test('an event of 262144 bytes as sent is accepted, and one byte more is rejected', () => {
    const ofSize = (bytes: number) => {
      const frame = `{${BASE},"metadata":{"a":"é"}}`;
      const room = bytes - Buffer.byteLength(frame);
      return frame.replace('é', 'é' + 'x'.repeat(room));
    };
    expect(eventOf(ofSize(262_144)).bytes).toBe(262_144);
    const tooLarge = [{ path: '', message: 'must be at most 262144 bytes' }];
    expect(errorsOf(ofSize(262_145))).toEqual(tooLarge);
    const spaced = `{${BASE}${' '.repeat(262_144)}}`;
    expect(errorsOf(spaced)).toEqual(tooLarge);
    // Whitespace around the event does not count.
    expect(eventOf(`${' '.repeat(300_000)}{${BASE}}\n`).bytes).toBe(BASE.length + 2);
  });
});

describe('events that follow the contract are accepted', () => {
  test.each<[string]>([
    ['"timestamp":"2026-05-14T12:00:00.123456789+05:30"'],
    [`"projectId":"${'😀'.repeat(256)}"`],
    ['"actor":{},"resource":{},"metadata":{},"tags":[]'],
    ['"actor":{"id":"","email":"","role":""},"resource":{"type":"","id":""}'],
    ['"traceId":"","ipAddress":"","userAgent":"","geo":"","tags":[""]'],
    ['"ipAddress":"AWS Internal","geo":{"country":"DE","at":[1,{"b":null}]}'],
    ['"metadata":{"__proto__":{"a":1},"constructor":2,"":3,"1":4,"null":null}'],
    ['"metadata":{"a":{"x":1},"b":{"x":1},"c":[{"x":1},{"x":2}]}'],
    // Two keys with the same hash.
    ['"metadata":{"k6hyv":1,"kd2ye":2}'],
    ['"metadata":{"A":1,"a":2,"é":3,"e\u0301":4}'],
    ['"metadata":{"a":1e1000,"b":-1.0E-1000,"c":1E+0000000001000,"d":-0,"e":0.0}'],
    ['"metadata":{"a":"\\ud83d\\ude00 😀 \\" \\\\u0000 \\/ \u2028 \\\\ud800"}'],
    [`"metadata":${nested(63)}`],
    [`"metadata":{${manyKeys(5000)}}`],
    [
      `"tags":[${Array(20)
        .fill(`"${'é'.repeat(256)}"`)
        .join()}]`,
    ],
    [`"idempotencyKey":"${'k'.repeat(1024)}"`],
    ['"idempotencyKey":" "'],
  ])('an event with valid fields is accepted unchanged: %s', (members) => {
    expect(eventOf(`{${BASE},${members}}`).compact).toBe(`{${BASE},${members}}`);
  });
});

describe('the parsed event', () => {
  const FULL = `{ "idempotencyKey" : " k1 ", "category":" auth ", "action":"log\\u0069n",
    "workspaceId":" ws-1 ", "projectId":"p", "timestamp":"2026-05-14T12:00:00.1234567Z",
    "actor": { "role" : "admin", "id":"u1", "email":"a@b.c" }, "resource":{"type":"doc","id":"d1"},
    "metadata": { "10" : 1.0e1, "2" : [ 12345678901234567890 , -0.0 ] }, "tags":[ " a " , "b" ],
    "traceId":"t", "ipAddress":"::1", "geo":{ "city" : "Köln" }, "userAgent":"curl" }`;

  test('a parsed event has every value as sent, compact, and decoded trimmed columns', () => {
    const event = eventOf(FULL);
    expect(event.raw).toEqual({
      idempotencyKey: '" k1 "',
      category: '" auth "',
      action: '"log\\u0069n"',
      workspaceId: '" ws-1 "',
      projectId: '"p"',
      timestamp: '"2026-05-14T12:00:00.1234567Z"',
      actor: '{"role":"admin","id":"u1","email":"a@b.c"}',
      resource: '{"type":"doc","id":"d1"}',
      metadata: '{"10":1.0e1,"2":[12345678901234567890,-0.0]}',
      tags: '[" a ","b"]',
      traceId: '"t"',
      ipAddress: '"::1"',
      geo: '{"city":"Köln"}',
      userAgent: '"curl"',
    });
    expect(event.columns).toEqual({
      category: 'auth',
      action: 'login',
      projectId: 'p',
      actorId: 'u1',
      actorEmail: 'a@b.c',
      actorRole: 'admin',
      resourceType: 'doc',
      resourceId: 'd1',
      traceId: 't',
      ipAddress: '::1',
      userAgent: 'curl',
      tags: ['a', 'b'],
      geo: '{"city":"Köln"}',
    });
    const members = Object.entries(event.raw).map(([name, text]) => `"${name}":${text}`);
    expect(event.compact).toBe(`{${members.join()}}`);
    expect(event.bytes).toBe(Buffer.byteLength(event.compact));
    expect(event.timestamp).toEqual({
      text: '2026-05-14T12:00:00.1234567Z',
      micros: Date.UTC(2026, 4, 14, 12) * 1000 + 123_456,
      nanos: 700,
    });
    expect(event.workspaceId).toBe('ws-1');
    expect(event.idempotencyKey).toBe(' k1 ');
  });

  test('a parsed event has null or undefined for fields that were not sent', () => {
    const event = eventOf(`{${BASE}}`);
    expect(Object.keys(event.raw)).toEqual(['category', 'action']);
    const { category, action, ...others } = event.columns;
    expect([category, action]).toEqual(['auth', 'login']);
    expect(new Set(Object.values(others))).toEqual(new Set([null]));
    expect(event.timestamp).toBeUndefined();
    expect(event.workspaceId).toBeUndefined();
    expect(event.idempotencyKey).toBeUndefined();
  });

  test.each<[string, boolean]>([
    ['"traceId":"t","tags":["a b"]', true],
    ['"traceId":""', true],
    ['"geo":" x ","idempotencyKey":" k ","workspaceId":" w "', true],
    ['"traceId":"t "', false],
    ['"actor":{"role":"\\n"}', false],
    ['"resource":{"id":"\\ufeffx"}', false],
    ['"tags":["a","b\\u00a0"]', false],
  ])('a parsed event is verbatim only if no column was trimmed: %s', (members, verbatim) => {
    expect(eventOf(`{${BASE},${members}}`).verbatim).toBe(verbatim);
  });

  const GUARDED = ['=', '+', '-', '@', '\\t', '\\r', "'", '\\u003d'];
  test.each<[string, boolean]>([
    ['"traceId":"a=b","userAgent":" =","metadata":{"=":"=","a":["@"]},"idempotencyKey":"="', false],
    ['"geo":{"=":1},"ipAddress":"","actor":{"id":"\\n="}', false],
    ['"workspaceId":"=w"', true],
    ['"projectId":"=p"', true],
    ['"actor":{"email":"=e"}', true],
    ['"resource":{"id":"=i"}', true],
    ['"ipAddress":"-"', true],
    ['"userAgent":"=u"', true],
    ['"geo":"=g"', true],
    ['"tags":["a","=t"]', true],
    ...GUARDED.map((start): [string, boolean] => [`"traceId":"${start}1"`, true]),
  ])(
    'a parsed event shows whether a CSV cell needs the formula guard: %s',
    (members, formulaGuard) => {
      expect(eventOf(`{${BASE},${members}}`).formulaGuard).toBe(formulaGuard);
    },
  );

  test('a required field can also need the formula guard', () => {
    expect(eventOf('{"category":"=1","action":"a"}').formulaGuard).toBe(true);
    expect(eventOf('{"category":"a","action":"+1"}').formulaGuard).toBe(true);
  });
});

/** An object of `levels` nested objects. */
function nested(levels: number): string {
  return '{"a":'.repeat(levels - 1) + '{}' + '}'.repeat(levels - 1);
}

function manyKeys(count: number): string {
  return Array.from({ length: count }, (_, index) => `"k${index}":${index}`).join();
}
