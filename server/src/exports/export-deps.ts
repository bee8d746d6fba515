import type pg from 'pg';
import type { PgBoss } from 'pg-boss';
import type { Logger } from 'pino';
import type { ArtifactStore } from '../storage/artifact-store.ts';
import type { DiskGuard } from '../storage/disk-guard.ts';
import type { ReadSemaphore } from './read/read-semaphore.ts';

/** What running exports of one region needs. */
export interface ExportDeps {
  readonly region: string;
  /** Connections as exhibit_worker. */
  readonly pool: pg.Pool;
  /** For all exports of this process that read there. */
  readonly places: ReadSemaphore;
  readonly store: ArtifactStore;
  readonly queue: PgBoss;
  readonly log: Logger;
  /** undefined: no disk is watched. */
  readonly disk?: DiskGuard | undefined;
  readonly settings: {
    /** Events an export slice covers. */
    readonly sliceRows: number;
    readonly artifactTtlDays: number;
    /** Jobs this process runs at once. */
    readonly concurrency: number;
    /** Jobs of one company that run at once, over all workers. */
    readonly maxRunningPerCompany: number;
    /** Bytes that a company's files may take together; undefined: any number. */
    readonly maxArtifactBytes?: number | undefined;
    /** For this long failures of the store or database cost a job no attempt; default: an hour. */
    readonly retrySeconds?: number | undefined;
    /** What this worker can run; default: WORKER_VERSION. Tests set it. */
    readonly workerVersion?: number | undefined;
  };
}
