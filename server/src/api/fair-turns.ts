import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { ActiveCompanies } from '../../../http-edge/active-companies.ts';
import { RecentUse } from '../../../http-edge/recent-use.ts';

/** Maximum time of one turn, after which the event loop is free for other work, milliseconds. */
const TURN_MS = 5;
/** A heavy company's turn, and the pause after it, while other companies are active. */
const CONTESTED_TURN_MS = 2;
const PAUSE_MS = 4;
/** A company that has used more than this part of the thread in the last seconds is heavy. */
const HEAVY_PART = 0.2;
/** Below this part of the thread a company without work is forgotten. */
const FORGOTTEN_PART = 0.001;

interface Task {
  /** @returns false if the task has ended */
  readonly step: () => boolean;
}

interface Company {
  readonly tasks: Task[];
  /** The part of the thread that it has used lately. */
  readonly use: RecentUse;
  /** Its next turn starts no earlier; performance.now(). */
  pausedUntil: number;
}

/**
 * Long work of one thread in short turns. Companies take turns as well: one that sends many large bodies waits
 * for itself, and the first body of another is read in the next turn.
 *
 * A request of another company passes through the event loop about ten times and waits for one turn each time.
 * So a company that has used much of the thread takes shorter turns, with pauses, while others are active.
 */
export class FairTurns {
  /** The company that had its turn last is the last one. */
  readonly #companies = new Map<string, Company>();
  readonly #active: ActiveCompanies;
  #isRunning = false;

  /** @param active the companies that send requests to this process */
  constructor(active = new ActiveCompanies()) {
    this.#active = active;
  }

  run<Result>(companyId: string, steps: Generator<void, Result>): Promise<Result> {
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
    this.#companyOf(companyId).tasks.push({ step });
    if (!this.#isRunning) void this.#work();
    return promise;
  }

  #companyOf(companyId: string): Company {
    const known = this.#companies.get(companyId);
    if (known !== undefined) return known;
    for (const [id, { tasks, use }] of this.#companies)
      if (tasks.length === 0 && use.average < FORGOTTEN_PART) this.#companies.delete(id);
    const company = { tasks: [], use: new RecentUse(() => performance.now()), pausedUntil: 0 };
    this.#companies.set(companyId, company);
    return company;
  }

  async #work(): Promise<void> {
    this.#isRunning = true;
    for (;;) {
      const waiting = [...this.#companies].filter(([, { tasks }]) => tasks.length > 0);
      if (waiting.length === 0) break;
      const now = performance.now();
      const next = waiting.find(([, { pausedUntil }]) => pausedUntil <= now);
      if (next === undefined) {
        await pause(1);
        continue;
      }
      this.#takeTurn(...next);
      await nextTurn();
    }
    this.#isRunning = false;
  }

  #takeTurn(companyId: string, company: Company): void {
    const { tasks, use } = company;
    const isContested = use.average > HEAVY_PART && this.#active.hasOther(companyId);
    use.running = 1;
    const ended = runFor(isContested ? CONTESTED_TURN_MS : TURN_MS, tasks[0]);
    use.running = 0;
    if (ended) tasks.shift();
    if (isContested) company.pausedUntil = performance.now() + PAUSE_MS;
    this.#companies.delete(companyId);
    this.#companies.set(companyId, company);
  }
}

/** @returns whether the task has ended */
function runFor(turnMs: number, task: Task | undefined): boolean {
  const until = performance.now() + turnMs;
  while (task?.step() === true) if (performance.now() >= until) return false;
  return true;
}
