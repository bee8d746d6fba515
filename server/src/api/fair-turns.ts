import { setImmediate as nextTurn } from 'node:timers/promises';

/** The event loop is free for others after this time, milliseconds. */
const TURN_MS = 5;

interface Task {
  /** @returns false when it has ended */
  readonly step: () => boolean;
}

/**
 * Long work of one thread in short turns. Companies take turns as well: one that sends many large bodies waits
 * for itself, and the first body of another is read in the next turn.
 */
export class FairTurns {
  readonly #queues = new Map<string, Task[]>();
  #isRunning = false;

  run<Result>(company: string, steps: Generator<void, Result>): Promise<Result> {
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    const step = () => {
      try {
        const { done, value } = steps.next();
        if (done === true) resolve(value);
        return done !== true;
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
        return false;
      }
    };
    const queue = this.#queues.get(company);
    if (queue === undefined) this.#queues.set(company, [{ step }]);
    else queue.push({ step });
    if (!this.#isRunning) void this.#work();
    return promise;
  }

  async #work(): Promise<void> {
    this.#isRunning = true;
    for (;;) {
      const [next] = this.#queues;
      if (next === undefined) break;
      const [company, queue] = next;
      const ended = takeTurn(queue[0]);
      if (ended) queue.shift();
      // Behind the other companies for its next turn.
      this.#queues.delete(company);
      if (queue.length > 0) this.#queues.set(company, queue);
      await nextTurn();
    }
    this.#isRunning = false;
  }
}

/** @returns whether the task has ended */
function takeTurn(task: Task | undefined): boolean {
  const until = performance.now() + TURN_MS;
  while (task?.step() === true) if (performance.now() >= until) return false;
  return true;
}
