import type { Slice } from './read-slice.ts';
import type { IdRange } from './slices.ts';

/** A slice that is being read ahead. */
interface StoppableSlice extends Slice {
  /** Resolves once the slice has released its connection. */
  stop(): Promise<void>;
}

/**
 * The slices that an export still has to read, in ID order. At most one of them is already being read ahead. The rest
 * of a slice that reached its time limit is read before it.
 */
export class SliceQueue {
  /** Ranges before the prefetched slice; empty if there is none. */
  readonly #resumed: IdRange[] = [];
  #prefetched: StoppableSlice | undefined;
  readonly #ranges: IdRange[];

  constructor(ranges: readonly IdRange[]) {
    this.#ranges = [...ranges];
  }

  /** Removes the next slice from the queue; a range that is not being read yet is opened. */
  take(open: (range: IdRange) => Slice): Slice | undefined {
    const resumed = this.#resumed.shift();
    if (resumed !== undefined) return open(resumed);
    const prefetched = this.#prefetched;
    this.#prefetched = undefined;
    if (prefetched !== undefined) return prefetched;
    const range = this.#ranges.shift();
    return range === undefined ? undefined : open(range);
  }

  /** Puts the rest of the slice that was taken last at the front. */
  resume(rest: readonly IdRange[]): void {
    (this.#prefetched === undefined ? this.#ranges : this.#resumed).unshift(...rest);
  }

  /** True if a range is waiting and no slice is being read ahead. */
  get canPrefetch(): boolean {
    return this.#prefetched === undefined && this.#ranges.length > 0;
  }

  /** Starts to read the next range ahead. Call it only if `canPrefetch`. */
  prefetch(open: (range: IdRange) => StoppableSlice): void {
    const range = this.#ranges.shift();
    if (range !== undefined) this.#prefetched = open(range);
  }

  /** Stops the slice that is being read ahead; resolves once its connection is released. */
  async stop(): Promise<void> {
    await this.#prefetched?.stop();
    this.#prefetched = undefined;
  }
}
