import { crc32 } from 'node:zlib';
import type { CompletedPart } from '@aws-sdk/client-s3';
import { ArtifactStoreError } from '../artifact-store.ts';

const MIB = 1024 * 1024;
/** The least S3 takes, so that a worker stays small; S3 also takes no more than 10,000 parts. */
const PART_BYTES = 5 * MIB;
/** So the later half of a file beyond 24 GiB goes in bigger ones: 122 GiB altogether. */
const LATE_PART_BYTES = 20 * MIB;
const EARLY_PARTS = 5_000;
const MAX_PARTS = 10_000;
/** One is filled while two are sent. */
const BLOCKS = 3;

/** How much of a source a write holds in memory, in the first 24 GiB. */
export const MAX_BUFFERED_BYTES = BLOCKS * PART_BYTES;

export interface Part {
  readonly number: number;
  /** Not to be touched after the promise of `send` settled: it is filled again. */
  readonly body: Buffer;
  /** CRC-32 of the body as S3 writes it: base64 of four bytes, big-endian. */
  readonly checksum: string;
}

/**
 * Cuts chunks of any size into parts and sends them, two at a time, while the next one is filled; no more of
 * `chunks` is read until a block is free. Chunks are copied, so the source may reuse its buffers (the SDK's own
 * Upload keeps references to them). No chunks make one empty part, because an upload must have one.
 *
 * @returns bytes and parts; rejects only when nothing is being sent any more.
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
    // Its failure is thrown where it is awaited; until then it must not count as unhandled.
    part.catch(() => undefined);
    sending.push(part);
    bytes += filled;
    filled = 0;
    // The part that was sent from the block to be filled next.
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

/** Size of the part of this number, counted from 1; only the last one may be smaller. */
export function partBytes(number: number): number {
  return number <= EARLY_PARTS ? PART_BYTES : LATE_PART_BYTES;
}

/** CRC-32 of a part as S3 writes it. */
export function checksumOf(body: Uint8Array): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  return bytes.toString('base64');
}

function tooManyParts(): ArtifactStoreError {
  return new ArtifactStoreError('failed', 'An artifact in S3 can be no larger than 122 GiB');
}
