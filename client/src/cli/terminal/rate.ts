const WINDOW_MS = 5_000;

/** A rate per second over the last five seconds: steady enough to read, short enough to notice a stall. */
export class Rate {
  readonly #samples: { readonly atMs: number; readonly count: number }[] = [];

  /** @param count the total so far */
  add(count: number, atMs = performance.now()): void {
    this.#samples.push({ atMs, count });
    while (this.#samples.length > 2 && atMs - (this.#samples[1]?.atMs ?? atMs) > WINDOW_MS)
      this.#samples.shift();
  }

  /** Returns undefined until there are two samples. */
  perSecond(): number | undefined {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || last.atMs <= first.atMs) return undefined;
    return ((last.count - first.count) * 1000) / (last.atMs - first.atMs);
  }

  /** Returns undefined if the rate is unknown or zero. */

  secondsTo(total: number): number | undefined {
    const rate = this.perSecond();
    const last = this.#samples.at(-1);
    return rate === undefined || rate <= 0 || last === undefined
      ? undefined
      : Math.max(0, total - last.count) / rate;
  }
}
