/** Use that is this old counts for about a third, milliseconds. */
const DECAY_MS = 5_000;

/** How many connections have been in use on average lately; recent use weighs more. */
export class RecentUse {
  #running = 0;
  #average = 0;
  #changedAt: number;
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
    this.#changedAt = now();
  }

  get average(): number {
    const kept = Math.exp((this.#changedAt - this.#now()) / DECAY_MS);
    return this.#average * kept + this.#running * (1 - kept);
  }

  /** Records how many connections are in use from now on. */
  set running(running: number) {
    this.#average = this.average;
    this.#changedAt = this.#now();
    this.#running = running;
  }
}
