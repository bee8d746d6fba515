import type pg from 'pg';
import { Problem } from '../errors.ts';

const RETRY_AFTER_SECONDS = 1;

/** What one company may take of a pool of connections. */
export interface GateLimits {
  /** Transactions of one company that run at the same time. */
  readonly maxRunning: number;
  /** Transactions of one company that wait for one of its own to end. */
  readonly maxWaiting: number;
  /** Longest wait, milliseconds. */
  readonly maxWaitMs: number;
}

/**
 * Keeps part of a connection pool free for other companies. A page of the explorer sends several queries at
 * once, so a transaction beyond the limit waits a moment; only a company that keeps its share busy is refused.
 */
export class CompanyGate {
  readonly #limits: GateLimits;
  readonly #companies = new Map<string, { running: number; waiting: (() => void)[] }>();

  constructor(limits: GateLimits) {
    this.#limits = limits;
  }

  /** Companies with running or waiting transactions; for tests. */
  get size(): number {
    return this.#companies.size;
  }

  /**
   * @returns the function that gives the place back
   * @throws Problem RATE_LIMITED with Retry-After when the company's share stays in use
   */
  async enter(companyId: string): Promise<() => void> {
    const company = this.#companies.get(companyId) ?? { running: 0, waiting: [] };
    this.#companies.set(companyId, company);
    if (company.running < this.#limits.maxRunning) company.running += 1;
    else await this.#wait(company.waiting);
    return () => {
      const next = company.waiting.shift();
      // The place goes to the next transaction of the company, so `running` stays as it is.
      if (next !== undefined) return next();
      company.running -= 1;
      if (company.running === 0) this.#companies.delete(companyId);
    };
  }

  async #wait(waiting: (() => void)[]): Promise<void> {
    if (waiting.length >= this.#limits.maxWaiting) throw this.#refusal();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(() => {
      waiting.splice(waiting.indexOf(enter), 1);
      reject(this.#refusal());
    }, this.#limits.maxWaitMs);
    const enter = () => {
      clearTimeout(timer);
      resolve();
    };
    waiting.push(enter);
    await promise;
  }

  #refusal(): Problem {
    const { maxRunning } = this.#limits;
    return new Problem(
      'RATE_LIMITED',
      `Your company already runs ${maxRunning} database queries here, as many as it may at once. Try again in ${RETRY_AFTER_SECONDS} s.`,
      {
        members: { policy: 'company-queries', limit: maxRunning },
        headers: { 'retry-after': String(RETRY_AFTER_SECONDS) },
      },
    );
  }
}

const gates = new WeakMap<pg.Pool, CompanyGate>();

/** From now on `inCompany` gives one company at most its share of this pool. */
export function limitCompanyConnections(pool: pg.Pool, limits: GateLimits): void {
  gates.set(pool, new CompanyGate(limits));
}

/** @returns the function that gives the place back; does nothing for a pool without limits */
export async function enterPool(pool: pg.Pool, companyId: string): Promise<() => void> {
  return (await gates.get(pool)?.enter(companyId)) ?? (() => undefined);
}
