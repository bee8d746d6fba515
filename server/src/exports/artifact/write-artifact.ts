/*
 * The files of exports. writeArtifact owns the buffers of a file while it is compressed, hashed and stored; the store
 * never sees an unfinished file. Sweeps delete files that no job owns, and files after their retention.
 */
import { createHash, type Hash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { type Compression, createCompressor } from '../formats/compression.ts';

export interface WrittenArtifact {
  /** Number of stored bytes. */
  readonly bytes: number;
  readonly sha256: Buffer;
  readonly contentSha256: Buffer;
}

interface ArtifactToWrite {
  readonly store: ArtifactStore;
  readonly key: string;
  /** A chunk may be overwritten once the next one is requested. */
  readonly content: AsyncIterable<Buffer>;
  readonly compression: Compression;
  readonly signal: AbortSignal;
  /** Called with every chunk before the store receives it; throwing ends the write. */
  readonly onStored?: (bytes: number) => void;
}

/**
 * Streams content through the compressor into the store and hashes it before and after compression. Backpressure of
 * the store reaches `content`. Nothing remains in the store unless the returned promise resolves.
 */
export async function writeArtifact({
  store,
  key,
  content,
  compression,
  signal,
  onStored,
}: ArtifactToWrite): Promise<WrittenArtifact> {
  const contentHash = createHash('sha256');
  const compressor = createCompressor(compression);
  const hashed = hashing(content, contentHash);
  if (compressor === undefined) {
    const { bytes } = await store.write(key, counting(hashed, onStored), { signal });
    const sha256 = contentHash.digest();
    return { bytes, sha256, contentSha256: sha256 };
  }
  const storedHash = createHash('sha256');
  let bytes = 0;
  await pipeline(
    hashed,
    compressor,
    async (compressed: AsyncIterable<Buffer>) => {
      ({ bytes } = await store.write(key, counting(hashing(compressed, storedHash), onStored), {
        signal,
      }));
    },
    { signal },
  );
  return { bytes, sha256: storedHash.digest(), contentSha256: contentHash.digest() };
}

async function* hashing(chunks: AsyncIterable<Buffer>, hash: Hash): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
}

async function* counting(
  chunks: AsyncIterable<Buffer>,
  onStored: ((bytes: number) => void) | undefined,
): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    onStored?.(chunk.length);
    yield chunk;
  }
}
