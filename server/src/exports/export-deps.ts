import type pg from 'pg';
import type { PgBoss } from 'pg-boss';
import type { Logger } from 'pino';
import type { ArtifactStore } from '../storage/artifact-store.ts';
import type { DiskGuard } from '../storage/disk-guard.ts';
import type { ReadSemaphore } from './read/read-semaphore.ts';

/** Dependencies for running the exports of one region. */
export interface ExportDeps {
  readonly region: string;
  /** Connections as exhibit_worker. */
  readonly pool: pg.Pool;
  /** Shared by all exports of this process that read in this region. */
  readonly places: ReadSemaphore;
  readonly store: ArtifactStore;
  readonly queue: PgBoss;
  readonly log: Logger;
  /** undefined if no disk is watched. */
  readonly disk?: DiskGuard | undefined;
  readonly settings: {
    /** Number of events in a slice of an export. */
    readonly sliceRows: number;
    readonly artifactTtlDays: number;
    /** Jobs that this process runs concurrently. */
    readonly concurrency: number;
    /** Jobs of one company that run concurrently on all workers. */
    readonly maxRunningPerCompany: number;
    /** Maximum bytes of all files of a company; undefined for no limit. */
    readonly maxArtifactBytes?: number | undefined;
    /** Time during which outages of the store or database cost a job no attempt; default: an hour. */
    readonly retrySeconds?: number | undefined;
    /** Version of this worker; default: WORKER_VERSION. Set by tests. */
    readonly workerVersion?: number | undefined;
  };
}
