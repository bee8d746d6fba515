import type { Socket } from 'node:net';
import type pg from 'pg';
import { interceptReads } from '../../regions/pooled-read-socket.ts';
import { BLOCK_BYTES, releaseBuffer, acquireBuffer } from './buffer-pool.ts';
import { CopyFrames, type CopyFraming } from './copy-frames.ts';

/** Content held between the socket and its reader; above it the socket is paused, so PostgreSQL waits. */
const HELD_BYTES = 1024 * 1024;

/** Rows that come slowly are handed on after so long, before their block is full. */
const PATIENCE_MS = 20;

/** What pg's client offers a query that speaks the protocol itself. */
interface PgConnection {
  readonly stream: Socket;
  query(text: string): void;
}

interface CopyReaderOptions {
  readonly framing: CopyFraming;
  readonly maxRows: number;
  /** Content held for a reader that is not there yet, bytes. */
  readonly held?: number | undefined;
}

/**
 * One `COPY … TO STDOUT`, submitted with `client.query(reader)`, read as chunks of file content.
 * A chunk is overwritten once the next one is asked for; rows may go across chunks.
 * Iteration ends after CommandComplete, whose row count must equal the rows received; it throws the
 * server's error, or the connection's when the stream ends before CommandComplete.
 */
export class CopyReader implements pg.Submittable, AsyncIterable<Buffer> {
  readonly #text: string;
  readonly #held: number;
  readonly frames: CopyFrames;
  /** Parts of blocks, full ones but for the last; a block begins where its buffer does. */
  readonly #chunks: Buffer[] = [];
  #queuedBytes = 0;
  #handedOnBytes = 0;
  #filling: Buffer | undefined;
  #filled = 0;
  #handOnSoon: NodeJS.Timeout | undefined;
  #socket: Socket | undefined;
  #listeners: ((chunk: Buffer) => void)[] = [];
  /** What pg is to hear once the rows before it are kept: the last read has rows and their end. */
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
    this.#end('stopped');
    this.#socket?.destroy();
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

  /** Copies into blocks, because the bytes are lent. */
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

  /** Queues what there is of the block that is being filled. */
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
        // Not where the iteration is given up: somebody may still be reading the chunk.
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

  /** What was received by then is still read. */
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
