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

describe('LinePreparer', () => {
  test.each([
    ['numbers beyond 2^53', '{"idempotencyKey":"a","metadata":{"n":9007199254740993,"e":1.0e1}}'],
    ['escapes', String.raw`{"idempotencyKey":"a","action":"\u00e9\/\ud83d\ude00"}`],
    ['duplicate keys', '{"idempotencyKey":"a","metadata":{"a":1,"a":2}}'],
    ['white space', '{ "idempotencyKey" :\t"a" , "metadata" : { } }'],
    ['a line separator', '{"idempotencyKey":"a","action":"\u2028"}'],
  ])('sends a line with %s byte for byte', (_name, line) => {
    expect(sent(line)).toBe(line);
  });

  test('inserts missing members before the first member of a line', () => {
    const line = '{ "action":"login","metadata":{"n":9007199254740993}}';
    const prepared = sent(line, 1, preparer({ workspaceId: WORKSPACE }));
    expect(prepared).toMatch(
      /^\{"idempotencyKey":"import-[\w-]{43}","workspaceId":"019b76da[0-9a-f-]+", "action":"login","metadata":\{"n":9007199254740993\}\}$/,
    );
    expect(JSON.parse(prepared)).toMatchObject({ action: 'login', workspaceId: WORKSPACE });
  });

  test('keeps an empty object valid JSON', () => {
    expect(sent(' {\t} \r')).toMatch(/^\{"idempotencyKey":"import-[\w-]{43}"\t\}$/);
  });
});

describe('detection of existing members', () => {
  test.each([
    ['in a nested object', '{"metadata":{"idempotencyKey":"a"}}'],
    ['inside a string', String.raw`{"action":"\"idempotencyKey\":\"a\""}`],
  ])('adds an idempotencyKey even if the name occurs %s', (_name, line) => {
    expect(sent(line)).toMatch(/^\{"idempotencyKey":"import-/);
  });

  test('detects an idempotencyKey whose name contains escapes', () => {
    const line = String.raw`{"idempotency\u004bey":"a"}`;
    expect(sent(line)).toBe(line);
  });

  test('keeps the workspace of a line instead of the given one', () => {
    const line = '{"workspaceId":"b","idempotencyKey":"a"}';
    expect(sent(line, 1, preparer({ workspaceId: WORKSPACE }))).toBe(line);
  });
});

describe('derived keys', () => {
  const line = '{"action":"login"}';

  test('the derived key does not depend on CRLF but on the line number', () => {
    const file = preparer();
    const [first, second] = [sent(line, 1, file), sent(line, 2, file)];
    const again = preparer();
    expect([sent(`${line}\r`, 1, again), sent(line, 2, again)]).toEqual([first, second]);
    expect(first).not.toBe(second);
  });

  test('the derived key differs if the first event or the source differs', () => {
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

  test('the derived key does not change when lines are appended or another line is corrected', () => {
    const before = preparer();
    sent(line, 1, before);
    prepare('{broken', 2, before);
    const after = preparer();
    sent(line, 1, after);
    sent('{"action":"fixed"}', 2, after);
    expect(sent(line, 3, after)).toBe(sent(line, 3, before));
  });
});

describe('invalid lines', () => {
  test.each([
    ['{broken', 'MALFORMED_JSON'],
    ['{"a":1}}', 'MALFORMED_JSON'],
    ['{"a":1},{"b":2}', 'MALFORMED_JSON'],
    ['[]', 'VALIDATION_FAILED'],
    ['null', 'VALIDATION_FAILED'],
    ['"text"', 'VALIDATION_FAILED'],
  ])('rejects the line %s with %s before it can fail its batch', (line, code) => {
    expect(prepare(line)).toMatchObject({ ok: false, code });
  });

  test('rejects a line that is not valid UTF-8', () => {
    const line = Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]);
    expect(prepare(line)).toEqual({
      ok: false,
      code: 'MALFORMED_JSON',
      detail: 'is not valid UTF-8',
    });
  });

  test('ignores lines with only white space', () => {
    expect(prepare(' \t\r')).toBeUndefined();
  });
});
