import type { S3Fault, S3Request } from '../../testing/storage/s3-server.ts';
import type { FaultWorld } from './fault-world.ts';
import type { Random } from './seeded-random.ts';

/**
 * Where in the life of an export a fault strikes: while it is asked for, when it waits in the queue, and when its
 * worker begins the upload, sends a part, completes the upload, looks whether it is there (then only the database
 * has to be told), or when its file is being read by a client.
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
  /** The request of the worker that got to the stage, held until `strike` has resolved; undefined outside of S3. */
  readonly request: S3Request | undefined;
}

export interface Fault {
  readonly name: string;
  readonly stages: readonly Stage[];
  /** Does the damage, once. */
  readonly strike?: (struck: InjectionContext) => Promise<void>;
  /** From the strike on, every request to S3 meets this. */
  readonly store?: (random: Random) => (request: S3Request) => Promise<S3Fault | undefined>;
  /** How long `store` lasts, milliseconds. */
  readonly storeMs?: number;
  /** Makes whole again what does not heal by itself. false: it turned out that the fault did not strike. */
  readonly heal?: (struck: InjectionContext) => Promise<boolean | void>;
  /** What may not be, beyond what the checker knows. */
  readonly forbids?: (job: {
    readonly status: string;
    readonly attempt: number;
  }) => string | undefined;
}

/** The request of S3 that shows that an export has got to a stage. */
export const STAGE_OPERATIONS: Partial<Record<Stage, S3Request['operation']>> = {
  beginning: 'create',
  writing: 'part',
  completing: 'complete',
  finishing: 'head',
};
