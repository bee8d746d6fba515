import { once } from 'node:events';
import { constants, openSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { connect, Socket } from 'node:net';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout } from 'node:timers/promises';
import { CommandError, EXIT } from '../exit-codes.ts';

const READER_POLL_MS = 50;
const CLOSED_BY_READER: ReadonlySet<unknown> = new Set(['EPIPE', 'ECONNRESET']);

export interface StreamTarget {
  readonly path: string;
  readonly isSocket: boolean;
}

/**
 * Writes chunks into a FIFO, a character device or a socket, at the pace of its reader. The path is only opened for
 * writing. It is never created, truncated, replaced or removed.
 * @throws CommandError if the reader closes it before the end
 */
export async function writeStream(
  target: StreamTarget,
  chunks: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  const sink = await openStream(target, signal);
  try {
    await pipeline(chunks, sink, { signal });
  } catch (error) {
    if (!CLOSED_BY_READER.has(codeOf(error))) throw error;
    const message = `The reader of ${target.path} closed it before the end of the file.`;
    throw new CommandError(EXIT.failed, message, { cause: error });
  }
}

async function openStream(
  { path, isSocket }: StreamTarget,
  signal: AbortSignal,
): Promise<Writable> {
  if (isSocket) {
    const socket = connect({ path });
    await once(socket, 'connect', { signal });
    return socket;
  }
  if ((await stat(path)).isFIFO()) return openFifo(path, signal);
  return (await open(path, constants.O_WRONLY)).createWriteStream();
}

/**
 * Opens a FIFO once it has a reader. A blocking open would wait in a thread that no signal can interrupt, so Ctrl-C
 * could not end the process. A non-blocking open fails while there is no reader, so it is repeated until it succeeds.
 */
async function openFifo(path: string, signal: AbortSignal): Promise<Writable> {
  for (;;) {
    signal.throwIfAborted();
    try {
      const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
      return new Socket({ fd, readable: false, writable: true });
    } catch (error) {
      if (codeOf(error) !== 'ENXIO') throw error;
    }
    await setTimeout(READER_POLL_MS, undefined, { signal });
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
