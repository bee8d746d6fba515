import type { S3Fault, S3Request } from '../../testing/storage/s3-server.ts';
import type { FaultWorld } from './fault-world.ts';
import type { Random } from './seeded-random.ts';

/**
 * The stage of an export at which a fault is injected: while the export is created; while it is queued; when its worker
 * starts the upload, sends a part, completes the upload, or checks the stored object (after which only the database is
 * updated); or while a client downloads its file.
 */
export type Stage =
  | 'creating'
  | 'queued'
  | 'beginning'
  | 'writing'
  | 'completing'
  | 'finishing'
  | 'downloading';

export interface InjectionContext {
  readonly world: FaultWorld;
  readonly random: Random;
  readonly jobIds: readonly string[];
  /** The S3 request of the worker that reached the stage, paused until `inject` has resolved; otherwise undefined. */
  readonly request: S3Request | undefined;
}

export interface Fault {
  readonly name: string;
  readonly stages: readonly Stage[];
  /** Injects the fault once. */
  readonly inject?: (context: InjectionContext) => Promise<void>;
  /** Affects every request to S3 after the injection. */
  readonly store?: (random: Random) => (request: S3Request) => Promise<S3Fault | undefined>;
  /** Duration of `store` in milliseconds. */
  readonly storeMs?: number;
  /** Undoes the fault if it does not end by itself. Returns false if the fault was not injected after all. */
  readonly heal?: (context: InjectionContext) => Promise<boolean | void>;
  /** Returns a violation of an additional condition that the checker does not know. */
  readonly violation?: (job: {
    readonly status: string;
    readonly attempt: number;
  }) => string | undefined;
}

/** The S3 operation that shows that an export has reached a stage. */
export const STAGE_OPERATIONS: Partial<Record<Stage, S3Request['operation']>> = {
  beginning: 'create',
  writing: 'part',
  completing: 'complete',
  finishing: 'head',
};
