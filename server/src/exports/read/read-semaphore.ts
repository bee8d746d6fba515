import { availableParallelism } from 'node:os';

/** So long a slice keeps its place: one that finds little holds nobody up for longer. */
const PATIENCE_MS = 500;

export interface ReadSlot extends Disposable {
  /** The place is the next one's, though the slice is not read to its end. */
  pass(): void;
}

/**
 * Places for slices that are read at once, first come, first served; every slice asks anew, so exports take turns.
 * PostgreSQL makes the rows of a query on a core of its own, and the worker takes one to hand them on: a query for
 * each running export leaves little to those who send events.
 */
export class ReadSemaphore {
  readonly #max: number;
  readonly #patienceMs: number;
  readonly #waiting: (() => void)[] = [];
  #taken = 0;
  #reading = 0;

  /** @param most slices that have a place at once */
  constructor(max = Math.max(1, availableParallelism() - 1), patienceMs = PATIENCE_MS) {
    this.#max = max;
    this.#patienceMs = patienceMs;
  }

  /** At most one slice is being read, with or without a place, and none waits for one. */
  get isIdle(): boolean {
    return this.#reading <= 1 && this.#waiting.length === 0;
  }

  /**
   * Waits for a place. It is the next one's when it is passed or disposed of, at the latest after half a second.
   * @throws the signal's reason
   */
  async take(signal: AbortSignal): Promise<ReadSlot> {
    signal.throwIfAborted();
    if (this.#taken < this.#max) this.#taken += 1;
    else await this.#turn(signal);
    this.#reading += 1;
    let isHeld = true;
    const pass = () => {
      if (isHeld) this.#pass();
      isHeld = false;
    };
    const place = new DisposableStack();
    const patience = setTimeout(pass, this.#patienceMs);
    place.defer(() => {
      clearTimeout(patience);
      this.#reading -= 1;
      pass();
    });
    return { pass, [Symbol.dispose]: () => place.dispose() };
  }

  #turn(signal: AbortSignal): Promise<void> {
    const turn = Promise.withResolvers<void>();
    const leave = () => {
      this.#waiting.splice(this.#waiting.indexOf(come), 1);
      turn.reject(signal.reason);
    };
    const come = () => {
      signal.removeEventListener('abort', leave);
      turn.resolve();
    };
    this.#waiting.push(come);
    signal.addEventListener('abort', leave, { once: true });
    return turn.promise;
  }

  #pass(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#taken -= 1;
    else next();
  }
}
