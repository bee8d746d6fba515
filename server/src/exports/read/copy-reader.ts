import type { Socket } from 'node:net';
import type pg from 'pg';
import { interceptReads } from '../../regions/pooled-read-socket.ts';
import { BLOCK_BYTES, releaseBuffer, acquireBuffer } from './buffer-pool.ts';
import { CopyFrames, type CopyFraming } from './copy-frames.ts';

/** Maximum content between the socket and its reader; above it the socket is paused, so PostgreSQL waits. */
const HELD_BYTES = 1024 * 1024;

/** Time after which rows are returned although their buffer is not full. */
const PATIENCE_MS = 20;

/** Part of pg's client for queries that implement the protocol themselves. */
interface PgConnection {
  readonly stream: Socket;
  query(text: string): void;
}

interface CopyReaderOptions {
  readonly framing: CopyFraming;
  readonly maxRows: number;
  /** Bytes of content to keep before the reader starts. */
  readonly held?: number | undefined;
}

/**
 * One `COPY … TO STDOUT`, submitted with `client.query(reader)`, read as chunks of file content. A chunk is
 * overwritten once the next one is requested, and rows may span chunks. The iteration ends after CommandComplete,
 * whose row count must equal the number of rows received. It throws the error of the server, or of the connection if
 * the stream ends before CommandComplete.
 */
export class CopyReader implements pg.Submittable, AsyncIterable<Buffer> {
  readonly #text: string;
  readonly #held: number;
  readonly frames: CopyFrames;
  /** Parts of buffers; all but the last are full. A buffer is released with its first part. */
  readonly #chunks: Buffer[] = [];
  #queuedBytes = 0;
  #handedOnBytes = 0;
  #filling: Buffer | undefined;
  #filled = 0;
  #handOnSoon: NodeJS.Timeout | undefined;
  #socket: Socket | undefined;
  #listeners: ((chunk: Buffer) => void)[] = [];
  /** Messages to forward to pg after the rows before them are stored: the last read contains rows and their end. */
  readonly #messages: Buffer[] = [];
  #giveReadsBack: (() => void) | undefined;
  #paused = false;
  #tag: string | undefined;
  #state: 'open' | 'done' | 'stopped' | { error: Error } = 'open';
  #wake: (() => void) | undefined;

  constructor(text: string, { framing, maxRows, held = HELD_BYTES }: CopyReaderOptions) {
    this.#text = text;
    this.#held = held;
    this.frames = new CopyFrames(framing, maxRows, (message) => this.#messages.push(message));
  }

  /** False if stop() ended the stream: the rows read so far are complete and in order, and more may follow. */
  get complete(): boolean {
    return this.#state === 'done';
  }

  /**
   * Ends the stream at the current row by closing the connection. pg_cancel_backend() does not work here: a backend
   * that is blocked while sending to a paused reader ignores cancel requests and only notices the closed socket.
   */
  stop(): void {
    if (this.#state !== 'open') return;
    this.#end('stopped');
    this.#socket?.destroy();
  }

  /** Called by pg. Diverts the bytes of the socket from pg's parser, which would create an object per row. */
  submit(connection: pg.Connection): void {
    // pg's types do not include its socket, and those of EventEmitter not the arguments of listeners.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const wire = connection as unknown as PgConnection;
    const { stream } = wire;
    this.#socket = stream;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    this.#listeners = stream.listeners('data') as ((chunk: Buffer) => void)[];
    this.#giveReadsBack = interceptReads(stream, this.#receive);
    wire.query(this.#text);
    if (this.#state === 'stopped') stream.destroy();
  }

  readonly #receive = (bytes: Buffer): void => {
    if (this.#state !== 'open') return;
    try {
      for (const content of this.frames.push(bytes)) this.#keep(content);
      for (const message of this.#messages.splice(0))
        for (const listener of this.#listeners) listener(message);
    } catch (error) {
      this.#end({ error: error instanceof Error ? error : new Error(String(error)) });
      this.#socket?.destroy();
    }
  };

  /** Copies into buffers, because the socket reuses the memory of the bytes. */
  #keep(content: Buffer): void {
    for (let offset = 0; offset < content.length; ) {
      this.#filling ??= this.#beginBlock();
      const copied = content.copy(this.#filling, this.#filled, offset);
      this.#filled += copied;
      offset += copied;
      if (this.#filled === BLOCK_BYTES) this.#emitSlice();
    }
  }

  #beginBlock(): Buffer {
    this.#handOnSoon = setTimeout(() => this.#emitSlice(), PATIENCE_MS);
    return acquireBuffer();
  }

  /** Queues the filled part of the current buffer. */
  #emitSlice(): void {
    clearTimeout(this.#handOnSoon);
    if (this.#filling === undefined) return;
    this.#chunks.push(this.#filling.subarray(0, this.#filled));
    this.#queuedBytes += this.#filled;
    this.#filling = undefined;
    this.#filled = 0;
    if (this.#queuedBytes >= this.#held && !this.#paused) {
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
    this.#end({ error });
  }

  handleReadyForQuery(): void {
    this.#restoreSocket();
    if (this.#tag === `COPY ${this.frames.rowsSeen}`) this.#end('done');
    else
      this.#end({
        error: new Error(`COPY ended with "${this.#tag}" after ${this.frames.rowsSeen} rows`),
      });
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    for (;;) {
      const chunk = this.#chunks.shift();
      if (chunk !== undefined) {
        this.#queuedBytes -= chunk.length;
        this.#handedOnBytes += chunk.length;
        if (this.#paused && this.#queuedBytes < this.#held / 2) {
          this.#paused = false;
          this.#socket?.resume();
        }
        yield chunk;
        // Not when the iteration ends early: the consumer may still be reading the chunk.
        releaseBuffer(Buffer.from(chunk.buffer));
      } else if (typeof this.#state === 'object') {
        throw this.#state.error;
      } else if (this.#state !== 'open') {
        if (this.#handedOnBytes === this.frames.bytes) return;
        throw new Error(`${this.#handedOnBytes} of ${this.frames.bytes} bytes were handed on`);
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }

  /** Bytes received by then are still processed. */
  #end(state: 'done' | 'stopped' | { error: Error }): void {
    this.#emitSlice();
    if (this.#state === 'open') this.#state = state;
    this.#notify();
  }

  #notify(): void {
    this.#wake?.();
    this.#wake = undefined;
  }

  #restoreSocket(): void {
    this.#giveReadsBack?.();
    this.#giveReadsBack = undefined;
    if (this.#paused) this.#socket?.resume();
    this.#paused = false;
    this.#socket = undefined;
  }
}
