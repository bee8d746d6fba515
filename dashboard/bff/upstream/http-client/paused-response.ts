import type { Socket } from 'node:net';
import { joinChunks } from './join-chunks.ts';
import type { ResponseHead } from './parse-head.ts';
import type { ResponseReader, Sink } from './response-reader.ts';

/**
 * The response to a GET. Its body stays in the kernel until it is read, and then passes through five reused buffers.
 * It exists for downloads; docs/internals/decisions/0016-client-for-downloads.md compares it with other clients.
 */
export class PausedResponse {
  readonly statusCode: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly #socket: Socket;
  readonly #reader: ResponseReader;

  constructor(socket: Socket, reader: ResponseReader, head: ResponseHead) {
    this.#socket = socket;
    this.#reader = reader;
    this.statusCode = head.statusCode;
    this.headers = head.headers;
  }

  /** Passes the body to `sink` until the connection ends; rejects if the connection breaks. destroy() stops it. */
  readTo(sink: Sink): Promise<void> {
    return this.#reader.start(sink);
  }

  /** A small body as text; reads at most `max` bytes of it. */
  async text(max: number): Promise<string> {
    const pieces: Buffer[] = [];
    let bytes = 0;
    const length = Number(this.headers['content-length'] ?? Number.POSITIVE_INFINITY);
    await this.readTo((piece, done) => {
      pieces.push(Buffer.from(piece));
      bytes += piece.length;
      done();
      if (bytes >= Math.min(length, max)) this.destroy();
    });
    const body = Buffer.concat(pieces);
    const isChunked = this.headers['transfer-encoding'] === 'chunked';
    return (isChunked ? joinChunks(body) : body).toString('utf8');
  }

  destroy(): void {
    this.#socket.destroy();
  }
}
