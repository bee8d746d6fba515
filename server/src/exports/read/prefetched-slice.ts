import {
  type Slice,
  type SliceEnd,
  type SliceOptions,
  SliceReading,
  type SliceRows,
} from './read-slice.ts';
import type { IdRange } from './slices.ts';

/** Content held of a slice until its turn comes. */
const HELD_BYTES = 8 * 1024 * 1024;

/** A slice that is read while the one before it is handed on, until so much of it is held. */
export class PrefetchedSlice implements Slice {
  readonly #stopped = new AbortController();
  readonly #reading: SliceReading;
  readonly #rows: AsyncGenerator<SliceRows>;
  readonly #first: Promise<IteratorResult<SliceRows, void>>;

  constructor(options: SliceOptions, range: IdRange, allowed: number) {
    const signal = AbortSignal.any([options.signal, this.#stopped.signal]);
    this.#reading = new SliceReading({ ...options, signal, held: HELD_BYTES }, range, allowed);
    this.#rows = this.#reading[Symbol.asyncIterator]();
    // Asking for the first rows begins the query.
    this.#first = this.#rows.next();
    // Whoever iterates is thrown it; what comes before that must not end the process.
    this.#first.catch(() => undefined);
  }

  get end(): SliceEnd {
    return this.#reading.end;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<SliceRows> {
    for (let next = await this.#first; next.done !== true; next = await this.#rows.next())
      yield next.value;
  }

  /** Ends the reading where it is; resolves when its connection is given back. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#rows.return(undefined);
  }
}
