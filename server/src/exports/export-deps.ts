import type pg from 'pg';
import type { PgBoss } from 'pg-boss';
import type { Logger } from 'pino';
import type { ArtifactStore } from '../storage/artifact-store.ts';
import type { ReadPlaces } from './read-places.ts';

/** What running exports of one region needs. */
export interface ExportDeps {
  readonly region: string;
  /** Connections as exhibit_worker. */
  readonly pool: pg.Pool;
  /** For all exports of this process that read there. */
  readonly places: ReadPlaces;
  readonly store: ArtifactStore;
  readonly queue: PgBoss;
  readonly log: Logger;
  readonly settings: {
    /** Events an export slice covers. */
    readonly sliceRows: number;
    readonly artifactTtlDays: number;
    /** Jobs this process runs at once. */
    readonly concurrency: number;
    /** Jobs of one company that run at once, over all workers. */
    readonly maxRunningPerCompany: number;
  };
}
