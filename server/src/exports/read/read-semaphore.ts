import { availableParallelism } from 'node:os';

/** Maximum time a slice holds its slot, so that a sparse slice cannot block the others. */
const PATIENCE_MS = 500;

export interface ReadSlot extends Disposable {
  /** Releases the slot although the slice is not read to its end. */
  pass(): void;
}

/**
 * Limits how many slices are read concurrently, first come, first served. Every slice takes a slot again, so exports
 * take turns. PostgreSQL produces the rows of a query on one core, and the worker needs another to process them: a
 * query for each running export would leave little for ingest.
 */
export class ReadSemaphore {
  readonly #max: number;
  readonly #patienceMs: number;
  readonly #waiting: (() => void)[] = [];
  #taken = 0;
  #reading = 0;

  /** @param max number of slots */
  constructor(max = Math.max(1, availableParallelism() - 1), patienceMs = PATIENCE_MS) {
    this.#max = max;
    this.#patienceMs = patienceMs;
  }

  /** True if at most one slice is being read, with or without a slot, and none waits. */
  get isIdle(): boolean {
    return this.#reading <= 1 && this.#waiting.length === 0;
  }

  /**
   * Waits for a slot. It is released by pass(), by disposal, or after half a second.
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
