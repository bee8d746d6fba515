import { expect, test } from 'vitest';
import { type Line, MAX_LINE_BYTES, readLines } from './read-lines.ts';

async function linesOf(...chunks: readonly Buffer[]): Promise<Line[]> {
  async function* source() {
    yield* chunks;
  }
  return Array.fromAsync(readLines(source()));
}

test('reads the same lines however the bytes are split into chunks', async () => {
  const content = Buffer.from('\uFEFF{"a":"é"}\r\n\n{"b":"\u2028"}\nlast');
  const whole = await linesOf(content);
  expect(whole.map(({ number, bytes }) => [number, bytes?.toString()])).toEqual([
    [1, '{"a":"é"}\r'],
    [2, ''],
    [3, '{"b":"\u2028"}'],
    [4, 'last'],
  ]);
  const bytewise = Array.from(content, (byte) => Buffer.from([byte]));
  expect(await linesOf(...bytewise)).toEqual(whole);
});

test('reports a line that is too long without keeping it and reads the next one', async () => {
  const piece = Buffer.alloc(MAX_LINE_BYTES / 2 + 1, 'x');
  const lines = await linesOf(piece, piece, piece, Buffer.from('\nnext\n'));
  expect(lines.map(({ number, bytes }) => [number, bytes?.toString()])).toEqual([
    [1, undefined],
    [2, 'next'],
  ]);
});
