import { describe, expect, test } from 'vitest';
import type { FieldError } from '../../../../contract/problem.ts';
import { parseEventsBody } from './parse-events.ts';
import { errorsOf, problemOf } from '../../../../testing/parse-for-test.ts';

const BASE = '"category":"auth","action":"login"';

describe('a body is one event or a batch', () => {
  test('a body of one event is parsed as one event', () => {
    const parsed = parseEventsBody(Buffer.from(`{${BASE}}`));
    expect(parsed).toMatchObject({ kind: 'single', item: { ok: true } });
  });

  test('a batch keeps its order, and a rejected event does not affect the others', () => {
    const parsed = parseEventsBody(
      Buffer.from(`{"events":[{${BASE},"traceId":"0"},{"action":1},7,{${BASE},"traceId":"3"}]}`),
    );
    expect(parsed).toMatchObject({
      kind: 'batch',
      items: [
        { ok: true, event: { columns: { traceId: '0' } } },
        {
          ok: false,
          errors: [
            { path: 'action', message: 'must be a string' },
            { path: 'category', message: 'is required' },
          ],
        },
        { ok: false, errors: [{ path: '', message: 'must be an object' }] },
        { ok: true, event: { columns: { traceId: '3' } } },
      ],
    });
  });

  test('a batch of 1000 events is accepted, and one of 1001 is rejected with both numbers', () => {
    const parsed = parseEventsBody(Buffer.from(batchOf(1000)));
    expect(parsed.kind === 'batch' && parsed.items.every((item) => item.ok)).toBe(true);
    const problem = problemOf(batchOf(1001));
    expect(problem.code).toBe('BATCH_TOO_LARGE');
    expect(problem.message).toMatch(/1000.*1001/);
  });

  test.each<[string, FieldError[]]>([
    ['[]', []],
    ['"text"', []],
    ['12', []],
    ['null', []],
    ['{"events":[]}', [{ path: 'events', message: 'must hold at least one event' }]],
    ['{"events":{}}', [{ path: 'events', message: 'must be an array' }]],
    ['{"events":null}', [{ path: 'events', message: 'must be an array' }]],
    [`{"events":[{${BASE}}],"events":[]}`, [{ path: 'events', message: 'duplicate key' }]],
    [`{"events":[{${BASE}}],"\\u0065vents":[]}`, [{ path: 'events', message: 'duplicate key' }]],
    [
      `{"mode":1,"events":[{${BASE}}],"category":"a"}`,
      ['mode', 'category'].map((path) => ({
        path,
        message: 'unknown field; a batch holds nothing but events',
      })),
    ],
  ])('a body that is neither an event nor a batch is rejected: %s', (body, errors) => {
    const problem = problemOf(body);
    expect(problem.code).toBe('VALIDATION_FAILED');
    expect(problem.errors).toEqual(errors);
  });
});

describe('a body that is not JSON in UTF-8 fails the whole request, with the position of the error', () => {
  test.each<[string, string]>([
    ['', 'Expected a value at byte 0, where the body ends.'],
    ['  ', 'Expected a value at byte 2, where the body ends.'],
    ['{', 'Expected a quoted key at byte 1, where the body ends.'],
    ['{"a"}', 'Expected a colon at byte 4.'],
    ['{"a":}', 'Expected a value at byte 5.'],
    ['{"a":1,}', 'Expected a quoted key at byte 7.'],
    ["{'a':1}", 'Expected a quoted key at byte 1.'],
    ['{"a":1 "b":2}', 'Expected a comma or } at byte 7.'],
    ['{"a":[1 2]}', 'Expected a comma or ] at byte 8.'],
    ['{"a":[1,]}', 'Expected a value at byte 8.'],
    ['{"a":[1}', 'Expected a comma or ] at byte 7.'],
    ['{"a":1}x', 'Expected nothing after the JSON value at byte 7.'],
    ['{"a":1}{}', 'Expected nothing after the JSON value at byte 7.'],
    ['{"a":tru}', 'Expected a value at byte 5.'],
    ['{"a":True}', 'Expected a value at byte 5.'],
    ['{"a":NaN}', 'Expected a value at byte 5.'],
    ['{"a":01}', 'Expected a comma or } at byte 6.'],
    ['{"a":-}', 'Expected a digit at byte 6.'],
    ['{"a":+1}', 'Expected a value at byte 5.'],
    ['{"a":.5}', 'Expected a value at byte 5.'],
    ['{"a":1.}', 'Expected a digit at byte 7.'],
    ['{"a":1e}', 'Expected a digit at byte 7.'],
    ['{"a":1e+}', 'Expected a digit at byte 8.'],
    ['{"é":"\\x"}', 'Expected one of " \\ / b f n r t u after a backslash at byte 8.'],
    ['{"a":"\\u00g0"}', 'Expected four hexadecimal digits after \\u at byte 10.'],
    ['{"a":"\\u12', 'Expected four hexadecimal digits after \\u at byte 10, where the body ends.'],
    [
      '{"a":"\\',
      'Expected one of " \\ / b f n r t u after a backslash at byte 7, where the body ends.',
    ],
    ['{"a":"b', 'Expected the closing quote of a string at byte 7, where the body ends.'],
    ['{"a":"\n"}', 'Expected an escape such as \\n instead of a control character at byte 6.'],
    ['{"a":"\0"}', 'Expected an escape such as \\n instead of a control character at byte 6.'],
    ['{"a":\u00a01}', 'Expected a value at byte 5.'],
    ['{"a":1}\0', 'Expected nothing after the JSON value at byte 7.'],
    ['\uFEFF{}', 'Expected JSON at byte 0, found a byte order mark.'],
    // Takes precedence over all other errors.
    [
      `{"events":[{"category":5}],"events":7`,
      'Expected a comma or } at byte 37, where the body ends.',
    ],
  ])('the body %j is rejected with the position of the error', (body, detail) => {
    const problem = problemOf(body);
    expect(problem.code).toBe('MALFORMED_JSON');
    expect(problem.message).toBe(detail);
  });

  test.each<[string, number[]]>([
    ['a byte that never occurs', [0xff]],
    ['a character cut short', [0xe2, 0x82]],
    ['an overlong form', [0xc0, 0xaf]],
    ['a surrogate half', [0xed, 0xa0, 0x80]],
    ['beyond U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
  ])('invalid UTF-8 is rejected instead of replaced: %s', (_, bytes) => {
    const start = Buffer.from('{"category":"\uFFFD');
    const problem = problemOf(Buffer.concat([start, Buffer.from(bytes), Buffer.from('"}')]));
    expect(problem.code).toBe('MALFORMED_JSON');
    expect(problem.message).toMatch(/^Expected valid UTF-8 at byte 1[678]\.$/);
  });

  test('nesting a million deep does not overflow the stack', () => {
    const deep = '['.repeat(1_000_000);
    expect(problemOf(deep).code).toBe('MALFORMED_JSON');
    const body = `{${BASE},"metadata":{"a":${deep}${']'.repeat(1_000_000)}}}`;
    expect(errorsOf(body)[0]?.message).toBe('must not be nested more than 64 levels deep');
  });
});

function batchOf(count: number): string {
  return `{"events":[${Array(count).fill(`{${BASE}}`).join()}]}`;
}
