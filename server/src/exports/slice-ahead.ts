import { once } from 'node:events';
import { Readable } from 'node:stream';
import {
  type Slice,
  type SliceEnd,
  type SliceOptions,
  SliceReading,
  type SliceRows,
} from './read-slice.ts';
import type { IdRange } from './slices.ts';

/** Chunks held, each what one read of a socket gave: at most 64 KiB, or one row. */
const MOST_CHUNKS = 128;

/** A slice that is read while the one before it is handed on, until so much of it is held. */
export class SliceAhead implements Slice {
  readonly #stopped = new AbortController();
  readonly #reading: SliceReading;
  readonly #rows: Readable;

  constructor(options: SliceOptions, range: IdRange, allowed: number) {
    const signal = AbortSignal.any([options.signal, this.#stopped.signal]);
    this.#reading = new SliceReading({ ...options, signal }, range, allowed);
    this.#rows = Readable.from(this.#reading, { highWaterMark: MOST_CHUNKS });
    // Whoever iterates is thrown it; what comes before that must not end the process.
    this.#rows.on('error', () => undefined);
    this.#rows.read(0);
  }

  get end(): SliceEnd {
    return this.#reading.end;
  }

  [Symbol.asyncIterator](): AsyncIterator<SliceRows> {
    return this.#rows[Symbol.asyncIterator]();
  }

  /** Ends the reading where it is; resolves when its connection is given back. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    if (this.#rows.closed) return;
    const closed = once(this.#rows, 'close');
    this.#rows.destroy();
    await closed;
  }
}
