import type { IncomingMessage, ServerResponse } from 'node:http';
import { Transform, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export interface Streamed {
  /** Handed to the connection. */
  readonly bytes: number;
  /** undefined: every byte was handed to a connection that was intact to the end. */
  readonly failure: 'CLIENT_DISCONNECTED' | 'UPSTREAM_FAILED' | 'DOWNLOAD_TOO_LARGE' | undefined;
}

/**
 * Pipes an answer of the api to the browser with back-pressure and counts; never more than `most` bytes,
 * whatever the api said before. Never rejects. A failure cuts the connection, so that the browser sees it.
 */
export async function streamPart(
  upstream: IncomingMessage,
  response: ServerResponse,
  most: number,
): Promise<Streamed> {
  const counter = new Counter(most);
  try {
    await pipeline(upstream, counter, response);
    return { bytes: counter.bytes, failure: undefined };
  } catch {
    const failure = counter.exceeded
      ? 'DOWNLOAD_TOO_LARGE'
      : upstream.errored !== null && !counter.readerGone
        ? 'UPSTREAM_FAILED'
        : 'CLIENT_DISCONNECTED';
    response.destroy();
    return { bytes: counter.bytes, failure };
  }
}

class Counter extends Transform {
  bytes = 0;
  exceeded = false;
  /** The connection to the browser ended first. */
  readerGone = false;
  readonly #most: number;

  constructor(most: number) {
    super({ highWaterMark: 256 * 1024 });
    this.#most = most;
    this.once('unpipe', () => (this.readerGone = true));
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    if (this.bytes + chunk.length > this.#most) {
      this.exceeded = true;
      done(new Error('the api sent more than it announced'));
      return;
    }
    this.bytes += chunk.length;
    done(null, chunk);
  }
}
