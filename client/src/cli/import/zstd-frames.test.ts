import { zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { zstdFrames } from './zstd-frames.ts';

const PARTS = ['a'.repeat(2_000_000), 'x', '', 'the end'];
const FRAMES = Buffer.concat(PARTS.map((part) => zstdCompressSync(part)));

async function decompress(file: Buffer, pieceBytes: number): Promise<string> {
  async function* pieces() {
    for (let at = 0; at < file.length; at += pieceBytes) yield file.subarray(at, at + pieceBytes);
  }
  return Buffer.concat(await Array.fromAsync(zstdFrames(pieces()))).toString('utf8');
}

test.each([1, 7, 100, 1_000_000])(
  'reads every frame of a file in chunks of %i bytes',
  async (pieceBytes) => {
    expect((await decompress(FRAMES, pieceBytes)) === PARTS.join('')).toBe(true);
  },
);

test('skips frames without content', async () => {
  const skippable = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 1, 2]);
  const file = Buffer.concat([skippable, zstdCompressSync('content'), skippable]);
  expect(await decompress(file, 1_000)).toBe('content');
});

test('rejects a truncated file and a file with trailing data', async () => {
  await expect(decompress(FRAMES.subarray(0, -3), 100)).rejects.toThrow('unexpected end of file');
  const followed = Buffer.concat([FRAMES, Buffer.from('trailing data')]);
  await expect(decompress(followed, 100)).rejects.toThrow('Unknown frame descriptor');
});
