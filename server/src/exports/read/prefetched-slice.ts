import {
  type Slice,
  type SliceEnd,
  type SliceOptions,
  SliceReading,
  type SliceRows,
} from './read-slice.ts';
import type { IdRange } from './slices.ts';

/** Maximum content of a slice that is buffered until its turn. */
const HELD_BYTES = 8 * 1024 * 1024;

/** A slice that is read ahead while the previous one is consumed, until its buffer is full. */
export class PrefetchedSlice implements Slice {
  readonly #stopped = new AbortController();
  readonly #reading: SliceReading;
  readonly #rows: AsyncGenerator<SliceRows>;
  readonly #first: Promise<IteratorResult<SliceRows, void>>;

  constructor(options: SliceOptions, range: IdRange, allowed: number) {
    const signal = AbortSignal.any([options.signal, this.#stopped.signal]);
    this.#reading = new SliceReading({ ...options, signal, held: HELD_BYTES }, range, allowed);
    this.#rows = this.#reading[Symbol.asyncIterator]();
    // Requesting the first rows starts the query.
    this.#first = this.#rows.next();
    // The consumer receives the error when it iterates; until then it must not end the process.
    this.#first.catch(() => undefined);
  }

  get end(): SliceEnd {
    return this.#reading.end;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<SliceRows> {
    for (let next = await this.#first; next.done !== true; next = await this.#rows.next())
      yield next.value;
  }

  /** Stops reading; resolves once its connection is released. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#rows.return(undefined);
  }
}
