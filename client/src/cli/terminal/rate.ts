const WINDOW_MS = 5_000;

/** Things per second over the last five seconds: steady enough to read, quick enough to see a stall. */
export class Rate {
  readonly #samples: { readonly atMs: number; readonly count: number }[] = [];

  /** @param count so far, in all */
  add(count: number, atMs = performance.now()): void {
    this.#samples.push({ atMs, count });
    while (this.#samples.length > 2 && atMs - (this.#samples[1]?.atMs ?? atMs) > WINDOW_MS)
      this.#samples.shift();
  }

  /** undefined until there are two samples. */
  perSecond(): number | undefined {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || last.atMs <= first.atMs) return undefined;
    return ((last.count - first.count) * 1000) / (last.atMs - first.atMs);
  }

  /** undefined when there is no telling. */
  secondsTo(total: number): number | undefined {
    const rate = this.perSecond();
    const last = this.#samples.at(-1);
    return rate === undefined || rate <= 0 || last === undefined
      ? undefined
      : Math.max(0, total - last.count) / rate;
  }
}
