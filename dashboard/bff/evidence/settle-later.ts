import { setTimeout as wait } from 'node:timers/promises';
import type pg from 'pg';
import type { Logger } from 'pino';
import { type Intent, type Outcome, settleIntent } from './intent.ts';

const RETRY_MS = 1_000;

/**
 * Writes outcomes, and goes on trying while the database is away. What a crash loses of this the reconciler
 * finds: the intent is still open then.
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

  /** Resolves after the first try; more follow in the background. Never rejects. */
  async settle(intent: Intent, outcome: Outcome): Promise<void> {
    try {
      await settleIntent(this.#pool, intent, outcome);
    } catch (error) {
      this.#log.warn({ err: error, evidenceId: intent.id }, 'outcome not written yet');
      void this.track(this.#retry(intent, outcome));
    }
  }

  /** Work that ends with an outcome, such as a download: stop() waits for it. */
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
      // Also once more when stopping: the last chance.
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
