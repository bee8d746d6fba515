/** Reads a response body in chunks. If the server sends nothing for too long, reading fails instead of hanging. */
export class StallingBody {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  readonly #silenceMs: number;
  #toSkip = 0;

  constructor(response: Response, silenceMs: number) {
    this.#reader = response.body?.getReader();
    this.#silenceMs = silenceMs;
  }

  /** Discards the next bytes. */
  skip(bytes: number): void {
    this.#toSkip = bytes;
  }

  /** Returns the next chunk; undefined at the end. */
  async read(): Promise<Uint8Array | undefined> {
    for (;;) {
      const chunk = await this.#next();
      if (chunk === undefined) return undefined;
      const rest = chunk.subarray(Math.min(this.#toSkip, chunk.length));
      this.#toSkip -= chunk.length - rest.length;
      if (rest.length > 0) return rest;
    }
  }

  /** Closes the connection if it is still open. */
  cancel(): void {
    // cancel() of a failed body rejects with the error that read() has already thrown.
    this.#reader?.cancel().catch(() => undefined);
  }

  async #next(): Promise<Uint8Array | undefined> {
    if (this.#reader === undefined) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const silence = new Promise<never>((_resolve, reject) => {
      const seconds = this.#silenceMs / 1000;
      const error = new Error(`The server sent no data for ${seconds} s.`);
      timer = setTimeout(() => reject(error), this.#silenceMs);
    });
    try {
      return (await Promise.race([this.#reader.read(), silence])).value;
    } finally {
      clearTimeout(timer);
    }
  }
}
