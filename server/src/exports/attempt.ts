import type pg from 'pg';
import { inCompany } from '../regions/transaction.ts';
import type { ExportJob } from './export-job.ts';
import type { ReadCounts } from './read-events.ts';
import { LEASE_SECONDS } from './sql/claim-export.ts';
import { reportProgress } from './sql/report-progress.ts';

/** Progress is shown, the lease renewed and a cancel noticed this often. */
const TICK_MS = 500;

/** Why an attempt ended before its file was whole. */
export type StopReason = 'cancel' | 'lost' | 'stopping';

/** A running attempt: shows its progress and aborts `signal` when the job is no longer to be run by it. */
export class Attempt implements AsyncDisposable {
  readonly job: ExportJob;
  readonly counts: ReadCounts = { rows: 0, truncated: false };
  readonly signal: AbortSignal;
  readonly #pool: pg.Pool;
  readonly #abort = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #ticking: Promise<void> = Promise.resolve();
  #busy = false;
  #renewedAt = performance.now();
  #reason: StopReason | undefined;

  constructor(pool: pg.Pool, job: ExportJob, stopping: AbortSignal) {
    this.job = job;
    this.#pool = pool;
    this.signal = AbortSignal.any([this.#abort.signal, stopping]);
    this.signal.addEventListener('abort', () => {
      this.#reason ??= 'stopping';
    });
    if (stopping.aborted) this.#reason = 'stopping';
    this.#timer = setInterval(() => {
      if (!this.#busy) this.#ticking = this.#tick();
    }, TICK_MS);
  }

  /** undefined: the attempt was not told to stop. */
  get stopReason(): StopReason | undefined {
    return this.#reason;
  }

  async #tick(): Promise<void> {
    this.#busy = true;
    try {
      const { companyId, jobId, lease } = this.job;
      const progress = { companyId, jobId, lease, rowsExported: this.counts.rows };
      const asked = await inCompany(this.#pool, companyId, (client) =>
        reportProgress(client, progress),
      );
      this.#renewedAt = performance.now();
      if (asked !== 'go on') this.#stop(asked);
    } catch {
      // The database is away. The lease may outlive a short absence; after it another worker may run the job.
      if (performance.now() - this.#renewedAt > LEASE_SECONDS * 1000) this.#stop('lost');
    } finally {
      this.#busy = false;
    }
  }

  #stop(reason: StopReason): void {
    this.#reason ??= reason;
    this.#abort.abort(new Error(`the attempt must stop: ${reason}`));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await this.#ticking;
  }
}
