/** A store that takes nothing for this long is named as what the export waits for. */
const STALL_MS = 10_000;

/** Notices when an export stands still because its store takes no data or does not answer. */
export class StorePulse {
  #waitingSince: number | undefined;

  /** For how many milliseconds the store has been too long about what it was given; undefined: it has not. */
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

  /** The same chunks. Between one and the request for the next it is the store that is waited for. */
  async *watch(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    this.#waitingSince = undefined;
    for await (const chunk of chunks) {
      this.#waitingSince = performance.now();
      yield chunk;
      this.#waitingSince = undefined;
    }
    // What is left is the store's: to write the rest and to publish it.
    this.#waitingSince = performance.now();
  }
}
