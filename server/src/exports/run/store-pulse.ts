/** Time without progress of the store after which the export is shown as waiting for it. */
const STALL_MS = 10_000;

/** Detects that an export makes no progress because its store takes no data or does not respond. */
export class StorePulse {
  #waitingSince: number | undefined;

  /** Milliseconds for which the store has made no progress, if that is too long; else undefined. */
  get stalledForMs(): number | undefined {
    if (this.#waitingSince === undefined) return undefined;
    const waited = performance.now() - this.#waitingSince;
    return waited > STALL_MS ? waited : undefined;
  }

  /** Runs a call of the store, or a step that mostly waits for it. */
  async during<Result>(work: Promise<Result>): Promise<Result> {
    this.#waitingSince = performance.now();
    try {
      return await work;
    } finally {
      this.#waitingSince = undefined;
    }
  }

  /** Passes the chunks through. Between a chunk and the request for the next one, the export waits for the store. */
  async *watch(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    this.#waitingSince = undefined;
    for await (const chunk of chunks) {
      this.#waitingSince = performance.now();
      yield chunk;
      this.#waitingSince = undefined;
    }
    // From here on only the store has work to do: to write the rest and to publish it.
    this.#waitingSince = performance.now();
  }
}
