import { Problem } from './errors.ts';

/** Of the 10 connections to the dashboard database. */
const MAX_RUNNING = 3;
const MAX_WAITING = 16;
const MAX_WAIT_MS = 2_000;
const RETRY_AFTER_SECONDS = 1;

interface Company {
  running: number;
  readonly waiting: (() => void)[];
}

/**
 * Queries of one company that may take seconds, such as searching its evidence: three run at once, others wait
 * a moment and are then refused. The connections that are left serve sign-ins and other companies.
 */
export class CompanyGate {
  readonly #companies = new Map<string, Company>();

  /** @throws Problem RATE_LIMITED with Retry-After when the company's share stays in use */
  async run<Result>(companyId: string, work: () => Promise<Result>): Promise<Result> {
    const company = this.#companies.get(companyId) ?? { running: 0, waiting: [] };
    this.#companies.set(companyId, company);
    if (company.running < MAX_RUNNING) company.running += 1;
    else await waitForPlace(company);
    try {
      return await work();
    } finally {
      this.#leave(companyId, company);
    }
  }

  /** The place goes to the next query of the company, or is free. */
  #leave(companyId: string, company: Company): void {
    const next = company.waiting.shift();
    if (next !== undefined) return next();
    company.running -= 1;
    if (company.running === 0) this.#companies.delete(companyId);
  }
}

async function waitForPlace({ waiting }: Company): Promise<void> {
  if (waiting.length >= MAX_WAITING) throw refusal();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => {
    waiting.splice(waiting.indexOf(enter), 1);
    reject(refusal());
  }, MAX_WAIT_MS);
  const enter = () => {
    clearTimeout(timer);
    resolve();
  };
  waiting.push(enter);
  await promise;
}

function refusal(): Problem {
  return new Problem(
    'RATE_LIMITED',
    `Your company already runs ${MAX_RUNNING} searches here, as many as it may at once. Try again in ${RETRY_AFTER_SECONDS} s.`,
    {
      members: { policy: 'company-queries', limit: MAX_RUNNING },
      headers: { 'retry-after': String(RETRY_AFTER_SECONDS) },
    },
  );
}
