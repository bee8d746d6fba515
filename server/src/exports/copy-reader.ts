import type { Socket } from 'node:net';
import type pg from 'pg';
import { CopyFrames, type CopyFraming } from './copy-frames.ts';

/** Content held between the socket and its reader; above it the socket is paused, so PostgreSQL waits. */
const HIGH_WATER_BYTES = 1024 * 1024;

/** What pg's client offers a query that speaks the protocol itself. */
interface PgConnection {
  readonly stream: Socket;
  query(text: string): void;
}

interface CopyReaderOptions {
  readonly framing: CopyFraming;
  readonly mostRows: number;
}

/**
 * One `COPY … TO STDOUT`, submitted with `client.query(reader)`, read as chunks of file content.
 * Iteration ends after CommandComplete, whose row count must equal the rows received; it throws the
 * server's error, or the connection's when the stream ends before CommandComplete.
 */
export class CopyReader implements pg.Submittable, AsyncIterable<Buffer> {
  readonly #text: string;
  readonly #chunks: Buffer[] = [];
  readonly frames: CopyFrames;
  #socket: Socket | undefined;
  #listeners: ((chunk: Buffer) => void)[] = [];
  #queuedBytes = 0;
  #paused = false;
  #tag: string | undefined;
  #state: 'open' | 'done' | 'stopped' | { error: Error } = 'open';
  #wake: (() => void) | undefined;

  constructor(text: string, { framing, mostRows }: CopyReaderOptions) {
    this.#text = text;
    this.frames = new CopyFrames(framing, mostRows, (message) => {
      for (const listener of this.#listeners) listener(message);
    });
  }

  /** False when stop() ended the stream: the rows read so far are whole and in order, more may follow. */
  get complete(): boolean {
    return this.#state === 'done';
  }

  /**
   * Ends the stream where it is by closing the connection. Not pg_cancel_backend(): a backend blocked in
   * sending to a reader that is paused does not take cancel requests, it only notices the closed socket.
   */
  stop(): void {
    if (this.#state !== 'open') return;
    this.#state = 'stopped';
    this.#socket?.destroy();
    this.#notify();
  }

  /** Called by pg: takes the socket's bytes over from pg's parser, which would make an object per row. */
  submit(connection: pg.Connection): void {
    // pg's types do not show its socket, and EventEmitter's not what its listeners take.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const wire = connection as unknown as PgConnection;
    const { stream } = wire;
    this.#socket = stream;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    this.#listeners = stream.listeners('data') as ((chunk: Buffer) => void)[];
    for (const listener of this.#listeners) stream.removeListener('data', listener);
    stream.on('data', this.#receive);
    wire.query(this.#text);
    if (this.#state === 'stopped') stream.destroy();
  }

  readonly #receive = (chunk: Buffer): void => {
    if (this.#state !== 'open') return;
    try {
      for (const content of this.frames.push(chunk)) {
        if (content.length > 0) this.#queue(content);
      }
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error(String(error)));
      this.#socket?.destroy();
    }
  };

  #queue(content: Buffer): void {
    this.#chunks.push(content);
    this.#queuedBytes += content.length;
    if (this.#queuedBytes >= HIGH_WATER_BYTES && !this.#paused) {
      this.#paused = true;
      this.#socket?.pause();
    }
    this.#notify();
  }

  handleCommandComplete(message: { text: string }): void {
    this.#tag = message.text;
  }

  handleError(error: Error): void {
    this.#restoreSocket();
    this.#fail(error);
  }

  handleReadyForQuery(): void {
    this.#restoreSocket();
    if (this.#state !== 'open') return;
    if (this.#tag === `COPY ${this.frames.rowsSeen}`) {
      this.#state = 'done';
      this.#notify();
    } else {
      this.#fail(new Error(`COPY ended with "${this.#tag}" after ${this.frames.rowsSeen} rows`));
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    for (;;) {
      const chunk = this.#chunks.shift();
      if (chunk !== undefined) {
        this.#queuedBytes -= chunk.length;
        if (this.#paused && this.#queuedBytes < HIGH_WATER_BYTES / 2) {
          this.#paused = false;
          this.#socket?.resume();
        }
        yield chunk;
      } else if (typeof this.#state === 'object') {
        throw this.#state.error;
      } else if (this.#state !== 'open') {
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }

  #fail(error: Error): void {
    if (this.#state === 'open') this.#state = { error };
    this.#notify();
  }

  #notify(): void {
    this.#wake?.();
    this.#wake = undefined;
  }

  #restoreSocket(): void {
    const socket = this.#socket;
    if (socket === undefined || this.#listeners.length === 0) return;
    socket.removeListener('data', this.#receive);
    for (const listener of this.#listeners) socket.on('data', listener);
    if (this.#paused) socket.resume();
    this.#paused = false;
    this.#socket = undefined;
  }
}
