import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { CommandError, EXIT } from '../exit-codes.ts';
import { zstdFrames } from './zstd-frames.ts';

/** The argument that means standard input. */
export const STDIN = '-';

/** Small pieces keep the progress display accurate. Reading is not the bottleneck. */
const READ_BYTES = 64 * 1024;
const CONTENT_BYTES = 256 * 1024;
const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);
const ZSTD_MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
const MAX_MAGIC_BYTES = 4;

export interface Input {
  /** The path as given; `stdin` for standard input. */
  readonly name: string;
  /** Size on disk; undefined for a pipe. */
  readonly bytes: number | undefined;
}

/** @throws CommandError if the file does not exist, before any event is sent */
export async function describeInput(path: string): Promise<Input> {
  if (path === STDIN) return { name: 'stdin', bytes: undefined };
  const info = await stat(path).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandError(EXIT.usage, `${path} cannot be read: ${reason}`, { cause: error });
  });
  if (info.isDirectory()) throw new CommandError(EXIT.usage, `${path} is a directory.`);
  return { name: path, bytes: info.isFile() ? info.size : undefined };
}

interface InputOptions {
  /** Called with the number of bytes read from disk, for each piece. */
  readonly onRead: (bytes: number) => void;
  /** Aborting it ends the input, even while a read is waiting for data. */
  readonly signal: AbortSignal;
}

/**
 * The decompressed content of a file or of standard input. The compression is detected by the magic number, not by
 * the file name, so it also works for pipes; no JSON text starts with these bytes.
 * @throws CommandError while iterating, if the file cannot be read or decompressed
 */
export async function* openInput(
  path: string,
  { onRead, signal }: InputOptions,
): AsyncGenerator<Buffer> {
  const stored =
    path === STDIN ? process.stdin : createReadStream(path, { highWaterMark: READ_BYTES });
  const stop = () => stored.destroy();
  signal.addEventListener('abort', stop);
  try {
    const pieces = counted(stored, onRead);
    const head = await firstBytes(pieces);
    yield* decompressed(head, withHead(head, pieces));
  } catch (error) {
    if (signal.aborted) return;
    const reason = error instanceof Error ? error.message : String(error);
    const name = path === STDIN ? 'stdin' : path;
    throw new CommandError(EXIT.failed, `${name} cannot be read completely: ${reason}`, {
      cause: error,
    });
  } finally {
    signal.removeEventListener('abort', stop);
    stored.destroy();
  }
}

async function* counted(
  stored: Readable,
  onRead: (bytes: number) => void,
): AsyncGenerator<Buffer, void, undefined> {
  for await (const piece of stored as AsyncIterable<Buffer>) {
    onRead(piece.length);
    yield piece;
  }
}

/** Reads enough bytes for the longest magic number, or fewer if the input is shorter. */
async function firstBytes(pieces: AsyncGenerator<Buffer, void, undefined>): Promise<Buffer> {
  let head = Buffer.alloc(0);
  while (head.length < MAX_MAGIC_BYTES) {
    const next = await pieces.next();
    if (next.value === undefined) break;
    head = Buffer.concat([head, next.value]);
  }
  return head;
}

async function* gunzip(stored: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const decompress = createGunzip({ chunkSize: CONTENT_BYTES });
  // An error here destroys `decompress`, so the loop that reads from it throws the same error.
  const flowing = pipeline(stored, decompress).catch(() => undefined);
  yield* decompress as AsyncIterable<Buffer>;
  await flowing;
}

async function* withHead(head: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  if (head.length > 0) yield head;
  yield* rest;
}

function decompressed(head: Buffer, content: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  if (head.subarray(0, 2).equals(GZIP_MAGIC)) return gunzip(content);
  const isZstd = head.subarray(0, 4).equals(ZSTD_MAGIC) || isSkippableFrame(head);
  return isZstd ? zstdFrames(content) : content;
}

/** Magic numbers 0x184D2A50 to 0x184D2A5F. A zstd file may start with a skippable frame; those of pzstd do. */
function isSkippableFrame(head: Buffer): boolean {
  return head.length >= 4 && head.readUInt32LE(0) >>> 4 === 0x184d2a5;
}
