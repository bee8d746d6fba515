import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CopyFrames, type CopyFraming } from './copy-frames.ts';
import { repeated } from '../../../../testing/repeats.ts';

const ID = '018bcfe5-6800-7000-97b3-e24bf4854a60';

function message(type: string, payload: Buffer): Buffer {
  const header = Buffer.alloc(5);
  header.write(type);
  header.writeUInt32BE(payload.length + 4, 1);
  return Buffer.concat([header, payload]);
}

/** Messages that PostgreSQL sends for these rows, from CopyOutResponse to ReadyForQuery. */
function copyOut(framing: CopyFraming, rows: readonly string[]): Buffer {
  const field = (row: string) => {
    const header = Buffer.alloc(6);
    header.writeInt16BE(1);
    header.writeInt32BE(Buffer.byteLength(row), 2);
    return Buffer.concat([header, Buffer.from(row)]);
  };
  const signature = Buffer.concat([Buffer.from('PGCOPY\n\u00FF\r\n\0', 'latin1'), Buffer.alloc(8)]);
  const data = rows.map((row, index) =>
    framing === 'csv'
      ? Buffer.from(`${row}\n`)
      : Buffer.concat([index === 0 ? signature : Buffer.alloc(0), field(row)]),
  );
  const trailer = Buffer.from([0xff, 0xff]);
  const last = rows.length === 0 ? Buffer.concat([signature, trailer]) : trailer;
  return Buffer.concat([
    message('H', Buffer.alloc(3)),
    ...data.map((payload) => message('d', payload)),
    ...(framing === 'lines' ? [message('d', last)] : []),
    message('c', Buffer.alloc(0)),
    message('C', Buffer.from(`COPY ${rows.length}\0`)),
    message('Z', Buffer.from('T')),
  ]);
}

function run(
  framing: CopyFraming,
  stream: Buffer,
  cuts: readonly number[],
  maxRows = Number.POSITIVE_INFINITY,
) {
  const forwarded: string[] = [];
  const frames = new CopyFrames(framing, maxRows, (bytes) =>
    forwarded.push(String.fromCharCode(bytes[0] ?? 0)),
  );
  const edges = [
    0,
    ...[...new Set(cuts.map((cut) => cut % stream.length))].sort((a, b) => a - b),
    stream.length,
  ];
  const pieces = edges
    .slice(1)
    .map((edge, index) => Buffer.from(stream.subarray(edges[index], edge)));
  const content = pieces.flatMap((piece) => frames.push(piece).map((part) => Buffer.from(part)));
  return { text: Buffer.concat(content).toString('utf8'), frames, forwarded: forwarded.join('') };
}

const rowsOf = (prefix: string) =>
  fc.array(
    fc
      .string({ unit: 'binary', maxLength: 300 })
      .map((text) => `${prefix}${text.toWellFormed().replaceAll('\0', '')}`),
    { maxLength: 30 },
  );

test.each([
  { framing: 'lines', prefix: `{"id":"${ID}"`, end: '\n' },
  { framing: 'csv', prefix: `${ID},`, end: '\r\n' },
] as const)(
  'the content as $framing has every row once, in order, however the network cuts the stream',
  ({ framing, prefix, end }) => {
    fc.assert(
      fc.property(rowsOf(prefix), fc.array(fc.nat()), (rows, cuts) => {
        const { text, frames, forwarded } = run(framing, copyOut(framing, rows), cuts);
        expect(text).toBe(rows.map((row) => row + end).join(''));
        expect(frames).toMatchObject({
          rows: rows.length,
          rowsSeen: rows.length,
          lastId: rows.length > 0 ? ID : undefined,
        });
        expect(forwarded).toBe('HcCZ');
      }),
      { numRuns: repeated(50) },
    );
  },
);

test('a stream that arrives byte by byte gives the same content', () => {
  const rows = [`{"id":"${ID}","a":1}`, `{"id":"${ID}","b":"ü"}`];
  const stream = copyOut('lines', rows);
  expect(run('lines', stream, [...stream.keys()]).text).toBe(`${rows.join('\n')}\n`);
});

test('rows beyond the maximum are counted and dropped', () => {
  const rows = Array.from({ length: 10 }, (_, index) => `{"id":"${ID}","n":${index}}`);
  const { text, frames } = run('lines', copyOut('lines', rows), [100, 200], 3);
  expect(text).toBe(
    rows
      .slice(0, 3)
      .map((row) => `${row}\n`)
      .join(''),
  );
  expect(frames).toMatchObject({ rows: 3, rowsSeen: 10 });
});

test('a row with an unexpected shape is rejected', () => {
  const twoFields = Buffer.concat([
    Buffer.alloc(19),
    Buffer.from([0, 2, 0, 0, 0, 1, 65, 0, 0, 0, 1, 66]),
  ]);
  const frames = new CopyFrames('lines', 1, () => undefined);
  expect(() => frames.push(message('d', twoFields))).toThrow('another shape');
});
