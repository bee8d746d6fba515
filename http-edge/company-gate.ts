import { setTimeout as sleep } from 'node:timers/promises';
import { ActiveCompanies } from './active-companies.ts';
import { EdgeProblem } from './edge-problem.ts';
import { RecentUse } from './recent-use.ts';

const RETRY_AFTER_SECONDS = 1;
/** A rejection is sent after this time, so that a client that repeats rejected requests cannot keep the api busy. */
const REJECTION_DELAY_MS = 1_000;
/** A company that has used more connections than this on average in the last seconds counts as heavy. */
const HEAVY_AVERAGE = 0.6;

/** The share of a connection pool that one company gets. */
export interface GateLimits {
  /** Name of the limited operations in the error, such as `database queries`. */
  readonly work: string;
  /** Connections of the pool. */
  readonly capacity: number;
  /** Connections of these that only companies without a running transaction get. */
  readonly reserved: number;
  /** Transactions of one company that run at the same time. */
  readonly maxRunning: number;
  /** The same for a heavy company while other companies are active; default: `maxRunning`. */
  readonly maxRunningHeavy?: number;
  /** Transactions of one company that wait for one of its own to end. */
  readonly maxWaiting: number;
  /** Longest wait, milliseconds. */
  readonly maxWaitMs: number;
}

/** Below this average a company without transactions is forgotten. */
const FORGOTTEN_AVERAGE = 0.01;

interface Company {
  running: number;
  readonly use: RecentUse;
  readonly waiting: (() => void)[];
}

/**
 * Keeps part of a connection pool free for other companies. A page of the explorer sends several queries at
 * once, so a transaction beyond the limit waits a moment; only a company that keeps its share busy is rejected.
 *
 * Connections alone do not protect others on a machine with two cores: three searches that read everything take all
 * of its processor time. So a company that has kept connections busy lately runs one search at a time while others
 * are active (`npm run bench -- neighbour`).
 */
export class CompanyGate {
  readonly #limits: GateLimits;
  readonly #active: ActiveCompanies;
  readonly #now: () => number;
  readonly #companies = new Map<string, Company>();
  #running = 0;

  /** @param active shared by the gates of a process */
  constructor(
    limits: GateLimits,
    active = new ActiveCompanies(),
    now: () => number = () => performance.now(),
  ) {
    this.#limits = limits;
    this.#active = active;
    this.#now = now;
  }

  /** Companies with running or waiting transactions; for tests. */
  get size(): number {
    return this.#companies
      .values()
      .filter(({ running, waiting }) => running + waiting.length > 0)
      .toArray().length;
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
   * @returns the function that releases the connection
   * @throws EdgeProblem RATE_LIMITED with Retry-After when the company's share stays in use
   */
  async enter(companyId: string): Promise<() => void> {
    this.#active.see(companyId);
    const company = this.#companyOf(companyId);
    if (company.waiting.length === 0 && this.#mayStart(companyId, company))
      this.#change(company, 1);
    else await this.#wait(company);
    return () => {
      this.#active.see(companyId);
      this.#change(company, -1);
      this.#startWaiting();
    };
  }

  #companyOf(companyId: string): Company {
    const known = this.#companies.get(companyId);
    if (known !== undefined) return known;
    this.#forgetIdle();
    const company = { running: 0, waiting: [], use: new RecentUse(this.#now) };
    this.#companies.set(companyId, company);
    return company;
  }

  #forgetIdle(): void {
    for (const [companyId, { running, waiting, use }] of this.#companies)
      if (running + waiting.length === 0 && use.average < FORGOTTEN_AVERAGE)
        this.#companies.delete(companyId);
  }

  #change(company: Company, by: 1 | -1): void {
    this.#running += by;
    company.running += by;
    company.use.running = company.running;
  }

  #mayStart(companyId: string, company: Company): boolean {
    const { capacity, reserved } = this.#limits;
    if (this.#running >= capacity) return false;
    if (company.running === 0) return true;
    return (
      this.#running < capacity - reserved && company.running < this.#maxRunning(companyId, company)
    );
  }

  #maxRunning(companyId: string, { use }: Company): number {
    const { maxRunning, maxRunningHeavy = maxRunning } = this.#limits;
    const isHeavy = use.average > HEAVY_AVERAGE;
    return isHeavy && this.#active.hasOther(companyId) ? maxRunningHeavy : maxRunning;
  }

  /** Starts every waiting transaction that may start now, always of the company with the fewest running ones. */
  #startWaiting(): void {
    for (;;) {
      const [next] = [...this.#companies]
        .filter(([id, company]) => company.waiting.length > 0 && this.#mayStart(id, company))
        .sort(([, a], [, b]) => a.running - b.running);
      if (next === undefined) return;
      const [, company] = next;
      this.#change(company, 1);
      company.waiting.shift()?.();
    }
  }

  async #wait({ waiting }: Company): Promise<void> {
    if (waiting.length >= this.#limits.maxWaiting) {
      await sleep(REJECTION_DELAY_MS);
      throw this.#rejection();
    }
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
