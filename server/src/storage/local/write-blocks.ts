import type { FileHandle } from 'node:fs/promises';
import { storing } from './file-system-error.ts';

const BLOCK_BYTES = 1024 * 1024;
/** Start flushing to disk after this many bytes; otherwise the final sync would have to wait for the whole file. */
const SYNC_BYTES = 64 * BLOCK_BYTES;

/**
 * Writes chunks of any size to a new file in blocks of 1 MiB. One block is written while the next is filled, so reading
 * the source and writing to disk overlap and at most two blocks are in memory. Chunks are copied, which makes small
 * chunks cheap and lets the source reuse its buffers.
 *
 * @returns the number of bytes written.
 */
export async function writeBlocks(
  file: FileHandle,
  chunks: AsyncIterable<Uint8Array>,
  doing: string,
): Promise<number> {
  let [filling, spare] = [Buffer.allocUnsafe(BLOCK_BYTES), Buffer.allocUnsafe(BLOCK_BYTES)];
  let filled = 0;
  let position = 0;
  let inFlight = Promise.resolve();
  let synced = 0;
  let syncing = Promise.resolve();

  /** The kernel reports a failed write-back only once, so the result of every sync must be checked. */
  const beginSync = async (): Promise<void> => {
    await syncing;
    syncing = storing(doing, file.datasync());
    syncing.catch(() => undefined);
    synced = position;
  };

  const flush = async (): Promise<void> => {
    await inFlight;
    if (position - synced >= SYNC_BYTES) await beginSync();
    inFlight = storing(doing, writeFully(file, filling.subarray(0, filled), position));
    // The next flush throws the error. This handler prevents an unhandled rejection until then.
    inFlight.catch(() => undefined);
    position += filled;
    filled = 0;
    [filling, spare] = [spare, filling];
  };

  for await (const chunk of chunks) {
    for (let offset = 0; offset < chunk.length; ) {
      const part = chunk.subarray(offset, offset + BLOCK_BYTES - filled);
      filling.set(part, filled);
      filled += part.length;
      offset += part.length;
      if (filled === BLOCK_BYTES) await flush();
    }
  }
  if (filled > 0) await flush();
  await inFlight;
  await syncing;
  return position;
}

// A write may be short, for example just before the disk is full.
async function writeFully(file: FileHandle, block: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < block.length; ) {
    const length = block.length - done;
    const { bytesWritten } = await file.write(block, done, length, position + done);
    done += bytesWritten;
  }
}
