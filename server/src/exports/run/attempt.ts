import type pg from 'pg';
import { inCompany } from '../../regions/transaction.ts';
import type { DiskGuard } from '../../storage/disk-guard.ts';
import { DiskLowError, ExportFailure } from '../export-failure.ts';
import type { ExportJob } from '../export-job.ts';
import type { ReadCounts } from '../read/read-events.ts';
import { LEASE_SECONDS } from './sql/claim-export.ts';
import { reportProgress } from './sql/report-progress.ts';
import { sumArtifactBytes } from '../artifact/sql/sum-artifact-bytes.ts';
import { StorePulse } from './store-pulse.ts';

/** Interval at which progress is stored, the lease is renewed and a cancel request is noticed. */
const TICK_MS = 500;

/** Why an attempt ended before its file was complete. */
export type StopReason = 'cancel' | 'lost' | 'stopping' | 'database unreachable' | 'disk low';

interface AttemptOptions {
  readonly disk?: DiskGuard | undefined;
  readonly maxArtifactBytes?: number | undefined;
}

/** A running attempt: stores its progress and aborts `signal` when it must no longer run the job. */
export class Attempt implements AsyncDisposable {
  readonly job: ExportJob;
  readonly counts: ReadCounts = { rows: 0, truncated: false };
  readonly pulse = new StorePulse();
  readonly signal: AbortSignal;
  readonly #pool: pg.Pool;
  readonly #options: AttemptOptions;
  readonly #abort = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #ticking: Promise<void> = Promise.resolve();
  #busy = false;
  #renewedAt = performance.now();
  #reason: StopReason | undefined;
  #bytesWritten = 0;
  /** Bytes that other files and running exports leave for this one. */
  #allowedBytes = Number.POSITIVE_INFINITY;

  constructor(pool: pg.Pool, job: ExportJob, stopping: AbortSignal, options: AttemptOptions = {}) {
    this.job = job;
    this.#pool = pool;
    this.#options = options;
    this.signal = AbortSignal.any([this.#abort.signal, stopping]);
    this.signal.addEventListener('abort', () => {
      this.#reason ??= 'stopping';
    });
    if (stopping.aborted) this.#reason = 'stopping';
    this.#timer = setInterval(() => {
      if (!this.#busy) this.#ticking = this.#tick();
    }, TICK_MS);
  }

  /** undefined unless the attempt must stop. */
  get stopReason(): StopReason | undefined {
    return this.#reason;
  }

  /**
   * Counts the bytes sent to the store. @throws ExportFailure ARTIFACT_QUOTA_EXCEEDED if they exceed the remaining
   * quota of the company
   */
  readonly countStored = (bytes: number): void => {
    this.#bytesWritten += bytes;
    if (this.#bytesWritten > this.#allowedBytes) this.#refuseBytes();
  };

  #refuseBytes(): never {
    const limit = this.#options.maxArtifactBytes;
    throw new ExportFailure(
      'ARTIFACT_QUOTA_EXCEEDED',
      `${this.#bytesWritten} bytes written, ${this.#allowedBytes} left of the company's ${limit}`,
    );
  }

  async #tick(): Promise<void> {
    this.#busy = true;
    try {
      const { companyId, jobId, lease } = this.job;
      const progress = {
        companyId,
        jobId,
        lease,
        rowsExported: this.counts.rows,
        bytesWritten: this.#bytesWritten,
        storeStalledMs: this.pulse.stalledForMs,
      };
      const answer = await inCompany(this.#pool, companyId, async (client) => {
        const next = await reportProgress(client, progress);
        await this.#lookAtQuota(client);
        return next;
      });
      this.#renewedAt = performance.now();
      if (answer !== 'go on') this.#stop(answer);
      await this.#lookAtDisk();
    } catch {
      // The database is unavailable. The lease may outlast a short outage; after it, another worker may run the job.
      if (performance.now() - this.#renewedAt > LEASE_SECONDS * 1000)
        this.#stop('database unreachable');
    } finally {
      this.#busy = false;
    }
  }

  async #lookAtQuota(client: pg.PoolClient): Promise<void> {
    const { maxArtifactBytes } = this.#options;
    if (maxArtifactBytes === undefined) return;
    const { companyId, jobId } = this.job;
    const others = await sumArtifactBytes(client, companyId, jobId);
    if (others !== undefined)
      this.#allowedBytes = Math.max(0, maxArtifactBytes - others.bytes - others.writing);
  }

  async #lookAtDisk(): Promise<void> {
    const low = await this.#options.disk?.findLowDisk();
    if (low !== undefined) this.#stop('disk low');
  }

  #stop(reason: StopReason): void {
    this.#reason ??= reason;
    this.#abort.abort(
      reason === 'disk low'
        ? new DiskLowError('the disk has too little free space')
        : new Error(`the attempt must stop: ${reason}`),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await this.#ticking;
  }
}
