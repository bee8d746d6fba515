import { setTimeout as wait } from 'node:timers/promises';
import type pg from 'pg';
import type { Logger } from 'pino';
import { type Intent, type Outcome, settleIntent } from './intent.ts';

const RETRY_MS = 1_000;

/**
 * Writes outcomes and retries while the database is unavailable. If the process crashes, the intents are still open and
 * the reconciler settles them.
 */
export class SettleLater {
  readonly #pool: pg.Pool;
  readonly #log: Logger;
  readonly #stopping = new AbortController();
  readonly #under = new Set<Promise<unknown>>();

  constructor(pool: pg.Pool, log: Logger) {
    this.#pool = pool;
    this.#log = log;
  }

  /** Resolves after the first attempt; further attempts run in the background. Never rejects. */
  async settle(intent: Intent, outcome: Outcome): Promise<void> {
    try {
      await settleIntent(this.#pool, intent, outcome);
    } catch (error) {
      this.#log.warn({ err: error, evidenceId: intent.id }, 'cannot write the outcome yet');
      void this.track(this.#retry(intent, outcome));
    }
  }

  /** Tracks work that ends with an outcome, such as a download: stop() waits for it. */
  async track<Result>(work: Promise<Result>): Promise<Result> {
    this.#under.add(work);
    try {
      return await work;
    } finally {
      this.#under.delete(work);
    }
  }

  async #retry(intent: Intent, outcome: Outcome): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await wait(RETRY_MS, undefined, { signal }).catch(() => undefined);
      // Stopping makes one last attempt.
      const written = await settleIntent(this.#pool, intent, outcome).then(
        () => true,
        () => false,
      );
      if (written) return;
    }
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    while (this.#under.size > 0) await Promise.allSettled(this.#under);
  }
}
