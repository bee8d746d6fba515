import { describe, expect, test } from 'vitest';
import { LinePreparer } from './prepare-line.ts';

const WORKSPACE = '019b76da-a800-7000-8000-00000000ac11';

function preparer(options: { workspaceId?: string; source?: string } = {}) {
  return new LinePreparer({ workspaceId: options.workspaceId, source: options.source });
}

function prepare(line: string | Buffer, number = 1, with_ = preparer()) {
  return with_.prepare({ number, bytes: Buffer.from(line) });
}

function sent(line: string, number = 1, with_ = preparer()): string {
  const prepared = prepare(line, number, with_);
  if (prepared?.ok !== true) throw new Error(`refused: ${JSON.stringify(prepared)}`);
  return prepared.json.toString('utf8');
}

describe('a line is sent byte for byte', () => {
  test.each([
    ['numbers beyond 2^53', '{"idempotencyKey":"a","metadata":{"n":9007199254740993,"e":1.0e1}}'],
    ['escapes', String.raw`{"idempotencyKey":"a","action":"\u00e9\/\ud83d\ude00"}`],
    ['duplicate keys', '{"idempotencyKey":"a","metadata":{"a":1,"a":2}}'],
    ['white space', '{ "idempotencyKey" :\t"a" , "metadata" : { } }'],
    ['a line separator', '{"idempotencyKey":"a","action":"\u2028"}'],
  ])('%s', (_name, line) => {
    expect(sent(line)).toBe(line);
  });

  test('except that what is missing comes first', () => {
    const line = '{ "action":"login","metadata":{"n":9007199254740993}}';
    const prepared = sent(line, 1, preparer({ workspaceId: WORKSPACE }));
    expect(prepared).toMatch(
      /^\{"idempotencyKey":"import-[\w-]{43}","workspaceId":"019b76da[0-9a-f-]+", "action":"login","metadata":\{"n":9007199254740993\}\}$/,
    );
    expect(JSON.parse(prepared)).toMatchObject({ action: 'login', workspaceId: WORKSPACE });
  });

  test('an empty object stays JSON', () => {
    expect(sent(' {\t} \r')).toMatch(/^\{"idempotencyKey":"import-[\w-]{43}"\t\}$/);
  });
});

describe('what a line has is looked up where it counts', () => {
  test.each([
    ['in a nested object', '{"metadata":{"idempotencyKey":"a"}}'],
    ['inside a string', String.raw`{"action":"\"idempotencyKey\":\"a\""}`],
  ])('a name %s is not the event’s own', (_name, line) => {
    expect(sent(line)).toMatch(/^\{"idempotencyKey":"import-/);
  });

  test('a name written with escapes is', () => {
    const line = String.raw`{"idempotency\u004bey":"a"}`;
    expect(sent(line)).toBe(line);
  });

  test('a workspace that is there wins over the one given', () => {
    const line = '{"workspaceId":"b","idempotencyKey":"a"}';
    expect(sent(line, 1, preparer({ workspaceId: WORKSPACE }))).toBe(line);
  });
});

describe('the derived key', () => {
  const line = '{"action":"login"}';

  test('is the same for the same file, LF or CRLF, and another for an equal line further down', () => {
    const file = preparer();
    const [first, second] = [sent(line, 1, file), sent(line, 2, file)];
    const again = preparer();
    expect([sent(`${line}\r`, 1, again), sent(line, 2, again)]).toEqual([first, second]);
    expect(first).not.toBe(second);
  });

  test('is another in a file that begins with another event, or has another source', () => {
    const other = preparer();
    sent('{"action":"logout"}', 1, other);
    const file = preparer();
    sent(line, 1, file);
    const keys = [
      sent(line, 2, file),
      sent(line, 2, other),
      sent(line, 2, preparer({ source: 'a' })),
      sent(line, 2, preparer({ source: 'b' })),
    ];
    expect(new Set(keys).size).toBe(4);
  });

  test('stays when lines were appended, or another line than the first was corrected', () => {
    const before = preparer();
    sent(line, 1, before);
    prepare('{broken', 2, before);
    const after = preparer();
    sent(line, 1, after);
    sent('{"action":"mended"}', 2, after);
    expect(sent(line, 3, after)).toBe(sent(line, 3, before));
  });
});

describe('a line that is no event is refused by itself, so that it cannot spoil its batch', () => {
  test.each([
    ['{broken', 'MALFORMED_JSON'],
    ['{"a":1}}', 'MALFORMED_JSON'],
    ['{"a":1},{"b":2}', 'MALFORMED_JSON'],
    ['[]', 'VALIDATION_FAILED'],
    ['null', 'VALIDATION_FAILED'],
    ['"text"', 'VALIDATION_FAILED'],
  ])('%s: %s', (line, code) => {
    expect(prepare(line)).toMatchObject({ ok: false, code });
  });

  test('bytes that are no UTF-8', () => {
    const line = Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]);
    expect(prepare(line)).toEqual({
      ok: false,
      code: 'MALFORMED_JSON',
      detail: 'is not valid UTF-8',
    });
  });

  test('white space is no line at all', () => {
    expect(prepare(' \t\r')).toBeUndefined();
  });
});
