import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { LocalDirectory } from '../../storage/local/local-directory.ts';
import { writeArtifact } from './write-artifact.ts';

const CHUNKS = 40;
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Chunk `index`: unique text of a unique length that compresses a little. */
function textOf(index: number): string {
  return Array.from({ length: 6_000 + 500 * index }, (_, at) =>
    (at * at + index).toString(36),
  ).join();
}

/** All chunks share the same memory, like those of COPY. */
async function* lentChunks(): AsyncGenerator<Buffer> {
  const memory = Buffer.alloc(256 * 1024);
  for (let index = 0; index < CHUNKS; index += 1) {
    yield memory.subarray(0, memory.write(textOf(index)));
    memory.fill('x');
    // Gives a consumer that reads too late the time to do so.
    await new Promise(setImmediate);
  }
}

test.each([
  { compression: 'none', open: (bytes: Buffer) => bytes },
  { compression: 'gzip', open: gunzipSync },
  { compression: 'zstd', open: zstdDecompressSync },
] as const)(
  'chunks whose buffer is reused for the next chunk are stored unchanged: $compression',
  async ({ compression, open }) => {
    const directory = await mkdtemp(join(tmpdir(), 'exhibit-artifact-'));
    onTestFinished(() => rm(directory, { recursive: true }));
    const store = new LocalDirectory(directory);
    const written = await writeArtifact({
      store,
      key: 'a',
      content: lentChunks(),
      compression,
      signal: new AbortController().signal,
    });
    const file = await buffer(await store.open('a'));
    const content = Array.from({ length: CHUNKS }, (_, index) => textOf(index)).join('');
    expect(open(file).toString()).toBe(content);
    expect(written.bytes).toBe(file.length);
    expect(written.sha256.toString('hex')).toBe(sha256(file));
    expect(written.contentSha256.toString('hex')).toBe(sha256(Buffer.from(content)));
  },
);
