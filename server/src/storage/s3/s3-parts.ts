import { crc32 } from 'node:zlib';
import type { CompletedPart } from '@aws-sdk/client-s3';
import { ArtifactStoreError } from '../artifact-store.ts';

const MIB = 1024 * 1024;
/** The minimum part size of S3, to keep workers small. S3 also allows at most 10,000 parts. */
const PART_BYTES = 5 * MIB;
/** After 24 GiB, that is 5,000 parts, larger parts are used, which allows 122 GiB in total. */
const LATE_PART_BYTES = 20 * MIB;
const EARLY_PARTS = 5_000;
const MAX_PARTS = 10_000;
/** One block is filled while two are being sent. */
const BLOCKS = 3;

/** Memory that a write uses for data of the source, in the first 24 GiB. */
export const MAX_BUFFERED_BYTES = BLOCKS * PART_BYTES;

export interface Part {
  readonly number: number;
  /** Do not use it after the promise of `send` has settled, because it is reused. */
  readonly body: Buffer;
  /** CRC-32 of the body in the format of S3: base64 of four big-endian bytes. */
  readonly checksum: string;
}

/**
 * Splits chunks of any size into parts and sends two at a time while the next one is filled. `chunks` is read only while
 * a block is free. Chunks are copied, so the source may reuse its buffers (the SDK's Upload keeps references to them).
 * If there are no chunks, one empty part is sent, because an upload must have a part.
 *
 * @returns bytes and parts. It rejects only after all transfers have ended.
 */
export async function sendParts(
  chunks: AsyncIterable<Uint8Array>,
  send: (part: Part, signal: AbortSignal) => Promise<CompletedPart>,
): Promise<{ bytes: number; parts: CompletedPart[] }> {
  const stop = new AbortController();
  const blocks: Buffer[] = [];
  const sending: Promise<CompletedPart>[] = [];
  let filled = 0;
  let bytes = 0;

  const room = (): number => partBytes(sending.length + 1);
  const block = (): Buffer => {
    const at = sending.length % BLOCKS;
    const free = blocks[at];
    if (free?.length === room()) return free;
    return (blocks[at] = Buffer.allocUnsafeSlow(room()));
  };
  const flush = async (): Promise<void> => {
    const number = sending.length + 1;
    if (number > MAX_PARTS) throw tooManyParts();
    const body = block().subarray(0, filled);
    const part = send({ number, body, checksum: checksumOf(body) }, stop.signal);
    // The error is thrown where the promise is awaited. This handler prevents an unhandled rejection until then.
    part.catch(() => undefined);
    sending.push(part);
    bytes += filled;
    filled = 0;
    // Wait for the part that was sent from the block that is filled next.
    await sending.at(-BLOCKS);
  };

  try {
    for await (const chunk of chunks) {
      for (let offset = 0; offset < chunk.length; ) {
        const piece = chunk.subarray(offset, offset + room() - filled);
        block().set(piece, filled);
        filled += piece.length;
        offset += piece.length;
        if (filled === room()) await flush();
      }
    }
    if (filled > 0 || sending.length === 0) await flush();
    return { bytes, parts: await Promise.all(sending) };
  } catch (error) {
    stop.abort();
    await Promise.allSettled(sending);
    throw error;
  }
}

/** Size of the part with this number, counted from 1. Only the last part may be smaller. */
export function partBytes(number: number): number {
  return number <= EARLY_PARTS ? PART_BYTES : LATE_PART_BYTES;
}

/** CRC-32 of a part in the format of S3. */
export function checksumOf(body: Uint8Array): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  return bytes.toString('base64');
}

function tooManyParts(): ArtifactStoreError {
  return new ArtifactStoreError('failed', 'An artifact in S3 must not be larger than 122 GiB');
}
