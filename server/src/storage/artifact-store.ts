import type { Readable } from 'node:stream';
import { STORE_PROBLEMS } from './store-problem.ts';

/**
 * Where finished export files are kept: a local directory or an object store. Keys look like paths
 * (artifact-key.ts); a key must not also be the folder of another key.
 *
 * Every method rejects with an ArtifactStoreError when the store itself fails and with an
 * InvalidArtifactKeyError for a malformed key.
 */
export interface ArtifactStore {
  /**
   * Stores `source` under `key`, replacing what was there. Atomic: readers see the old object or the whole
   * new one, and only once it is stored durably. Whatever fails, nothing of this write is left behind.
   * `source` is read no faster than the store writes; a chunk may be reused once the next one is asked for.
   *
   * @throws what `source` throws, unchanged; the reason of `signal` when it is aborted, even while
   *   `source` is waiting.
   */
  write(key: string, source: AsyncIterable<Uint8Array>, options: WriteOptions): Promise<Stored>;

  /**
   * A stream of the bytes [start, end) of an object, all of it without `range`, in chunks of at most 1 MiB.
   * It keeps reading the same object when the key is overwritten or deleted meanwhile, and fails rather
   * than end early. Destroy it when you stop reading.
   *
   * @throws ArtifactMissingError, RangeError when the range is not within the object.
   */
  open(key: string, range?: ByteRange): Promise<Readable>;

  /** undefined when there is no finished object. */
  stat(key: string): Promise<Stored | undefined>;

  /**
   * Whether the last write of `key` in this process failed and left parts that could not be removed; why. Forgets it.
   * A store without unfinished uploads has no such method.
   */
  takeLeftover?(key: string): Error | undefined;

  /** Deletes one object; deleting what is not there is fine. */
  delete(key: string, options?: DeleteOptions): Promise<void>;

  /**
   * Deletes what writers of `key` that died left unfinished, never the finished object. A writer still at work on
   * it fails.
   *
   * @returns how many were deleted.
   */
  deletePartials(key: string): Promise<number>;

  /**
   * Deletes everything under the folder `prefix` (`a/b` and `a/b/` mean the same; `a/bc` is not in it),
   * also what writers that died left unfinished. A writer still at work there fails.
   *
   * @returns how many objects were deleted, unfinished ones included.
   */
  deletePrefix(prefix: string, options?: DeleteOptions): Promise<number>;

  /** Everything under the folder `prefix`, in no particular order; '' lists the whole store. */
  list(prefix: string): AsyncIterable<ListedArtifact>;

  /**
   * Tries every operation that the product needs on small objects of its own, and leaves none behind.
   *
   * @throws ArtifactStoreError whose message says, for an operator, what is wrong.
   */
  probe(): Promise<StoreFindings>;
}

export interface WriteOptions {
  readonly signal: AbortSignal;
  /**
   * Called when a write failed and what it had stored could not be removed. Unfinished parts then stay in the store
   * until a sweep ends them.
   */
  readonly onLeftover?: ((error: Error) => void) | undefined;
}

/** What a probe found out about a store that works. */
export interface StoreFindings {
  /** Whether the store keeps old versions of what is deleted. */
  readonly versioning: 'enabled' | 'suspended' | 'off' | 'unknown';
  /** Whether the store may refuse to remove an object until its retention ends. */
  readonly objectLock: 'enabled' | 'off' | 'unknown';
  /** What follows from it, for operators and users: names no bucket, path or key. */
  readonly notes: readonly string[];
}

export interface DeleteOptions {
  /** Ends the wait for a store that does not answer; what is deleted by then stays deleted. */
  readonly signal?: AbortSignal;
}

export interface Stored {
  readonly bytes: number;
}

/** In bytes: `start` inclusive, `end` exclusive. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface ListedArtifact {
  /** For a partial one the key it would have got. */
  readonly key: string;
  /** Of a partial one what is known: an object store may say 0. */
  readonly bytes: number;
  /** Of a partial one when it was begun or last written to. */
  readonly modifiedAt: Date;
  /** Not finished: being written now, or left by a writer that died. */
  readonly partial: boolean;
}

/** What an operator can do about it: make room, grant access, look for the file, read the message. */
export type ArtifactStoreFailure = 'full' | 'refused' | 'missing' | 'failed';

/** What is wrong, more precisely than the reason. */
export type StoreProblem = keyof typeof STORE_PROBLEMS;

interface StoreErrorOptions extends ErrorOptions {
  /** Default: what the reason alone says. */
  readonly problem?: StoreProblem;
  /** The missing permissions, as policies name them: `s3:AbortMultipartUpload`. */
  readonly permissions?: readonly string[];
}

/** The store failed. The message is for operators and logs: it may hold paths. `publicDetail` is for anyone. */
export class ArtifactStoreError extends Error {
  override readonly name: string = 'ArtifactStoreError';
  readonly reason: ArtifactStoreFailure;
  readonly problem: StoreProblem;
  readonly permissions: readonly string[];

  constructor(reason: ArtifactStoreFailure, message: string, options: StoreErrorOptions = {}) {
    const { problem = PROBLEM_OF[reason], permissions = [], ...cause } = options;
    super(message, cause);
    this.reason = reason;
    this.problem = problem;
    this.permissions = permissions;
  }

  /** One or two sentences that name no bucket, path or key. */
  get publicDetail(): string {
    const { permissions } = this;
    if (permissions.length === 0) return STORE_PROBLEMS[this.problem];
    return `This server lacks ${permissions.length === 1 ? 'a permission' : 'permissions'} in the artifact store: ${permissions.join(', ')}.`;
  }
}

const PROBLEM_OF = {
  full: 'full',
  refused: 'permission',
  missing: 'file',
  failed: 'other',
} as const satisfies Record<ArtifactStoreFailure, StoreProblem>;

export class ArtifactMissingError extends ArtifactStoreError {
  override readonly name = 'ArtifactMissingError';

  constructor(key: string, options?: ErrorOptions) {
    super('missing', `There is no artifact ${key}`, options);
  }
}

/** @throws RangeError unless `range` lies within an object of `bytes` bytes. */
export function checkRange(range: ByteRange, bytes: number): void {
  const { start, end } = range;
  const whole = Number.isSafeInteger(start) && Number.isSafeInteger(end);
  if (!whole || start < 0 || end < start || end > bytes) {
    throw new RangeError(`The range [${start}, ${end}) is not within ${bytes} bytes`);
  }
}
