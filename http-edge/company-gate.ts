import { EdgeProblem } from './edge-problem.ts';

const RETRY_AFTER_SECONDS = 1;

/** The share of a connection pool that one company may use. */
export interface GateLimits {
  /** What is counted, for the error: `database queries`. */
  readonly work: string;
  /** Operations of one company that run at the same time. */
  readonly maxRunning: number;
  /** Operations of one company that wait for one of its own to end. */
  readonly maxWaiting: number;
  /** Maximum wait, milliseconds. */
  readonly maxWaitMs: number;
}

interface Company {
  running: number;
  readonly waiting: (() => void)[];
}

/**
 * Keeps part of a connection pool free for other companies. A page sends several queries at the same time, so an
 * operation beyond the limit waits for a moment; a company is rejected only if it keeps its whole share busy.
 */
export class CompanyGate {
  readonly #limits: GateLimits;
  readonly #companies = new Map<string, Company>();

  constructor(limits: GateLimits) {
    this.#limits = limits;
  }

  /** Companies with running or waiting operations; for tests. */
  get size(): number {
    return this.#companies.size;
  }

  /** @throws EdgeProblem RATE_LIMITED with Retry-After if the company's share stays in use */
  async run<Result>(companyId: string, work: () => Promise<Result>): Promise<Result> {
    const leave = await this.enter(companyId);
    try {
      return await work();
    } finally {
      leave();
    }
  }

  /**
   * @returns the function that releases the slot
   * @throws EdgeProblem RATE_LIMITED with Retry-After if the company's share stays in use
   */
  async enter(companyId: string): Promise<() => void> {
    const company = this.#companies.get(companyId) ?? { running: 0, waiting: [] };
    this.#companies.set(companyId, company);
    if (company.running < this.#limits.maxRunning) company.running += 1;
    else await this.#waitForSlot(company);
    return () => {
      const next = company.waiting.shift();
      // The slot passes to the next operation of the company, so `running` stays as it is.
      if (next !== undefined) return next();
      company.running -= 1;
      if (company.running === 0) this.#companies.delete(companyId);
    };
  }

  async #waitForSlot({ waiting }: Company): Promise<void> {
    if (waiting.length >= this.#limits.maxWaiting) throw this.#rejection();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(() => {
      waiting.splice(waiting.indexOf(enter), 1);
      reject(this.#rejection());
    }, this.#limits.maxWaitMs);
    const enter = () => {
      clearTimeout(timer);
      resolve();
    };
    waiting.push(enter);
    await promise;
  }

  #rejection(): EdgeProblem {
    const { work, maxRunning } = this.#limits;
    return new EdgeProblem(
      'RATE_LIMITED',
      `Your company is already running ${maxRunning} ${work}, the maximum at the same time. Try again in ${RETRY_AFTER_SECONDS} s.`,
      {
        members: { policy: 'company-queries', limit: maxRunning },
        headers: { 'retry-after': String(RETRY_AFTER_SECONDS) },
      },
    );
  }
}
