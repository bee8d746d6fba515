import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { ArtifactStoreError, type ByteRange } from './artifact-store.ts';
import { storing } from './file-system-error.ts';

const CHUNK_BYTES = 1024 * 1024;

/**
 * A stream of one range of an open file, which it closes. Unlike fs.createReadStream it fails when the file
 * turns out shorter than the range: that one just ends, and a cut download would look complete.
 */
export function readFileRange(file: FileHandle, range: ByteRange, doing: string): Readable {
  let position = range.start;

  const readChunk = async (): Promise<Buffer | null> => {
    const length = Math.min(CHUNK_BYTES, range.end - position);
    if (length === 0) return null;
    const chunk = Buffer.allocUnsafe(length);
    const { bytesRead } = await storing(doing, file.read(chunk, 0, length, position));
    if (bytesRead === 0) {
      throw new ArtifactStoreError('failed', `Cannot ${doing}: the file ends at byte ${position}`);
    }
    position += bytesRead;
    return chunk.subarray(0, bytesRead);
  };

  return new Readable({
    highWaterMark: CHUNK_BYTES,
    read() {
      readChunk().then(
        (chunk) => this.push(chunk),
        (error: Error) => this.destroy(error),
      );
    },
    destroy(cause, finish) {
      void closeAfter(file, cause).then(finish);
    },
  });
}

/** @returns the error to report, if any: what ended the reading, or else the failure to close. */
async function closeAfter(file: FileHandle, cause: Error | null): Promise<Error | null> {
  try {
    await file.close();
    return cause;
  } catch (error) {
    return cause ?? (error instanceof Error ? error : new Error(String(error)));
  }
}
