import type { Readable } from 'node:stream';
import { STORE_PROBLEMS } from './store-problem.ts';

/**
 * Storage for finished export files: a local directory or an object store. Keys look like paths
 * (artifact-key.ts); a key must not also be the folder of another key.
 *
 * Every method rejects with an ArtifactStoreError if the store fails, and with an InvalidArtifactKeyError for a
 * malformed key.
 */
export interface ArtifactStore {
  /**
   * Stores `source` under `key` and replaces an existing object. The write is atomic: readers see the old object or
   * the complete new one, and the new one only after it is durable. A failed write leaves nothing in the store.
   * `source` is read no faster than the store writes. A chunk may be reused once the next one has been requested.
   *
   * @throws the error of `source`, unchanged; the reason of `signal` if it is aborted, even while `source` is waiting.
   */
  write(key: string, source: AsyncIterable<Uint8Array>, options: WriteOptions): Promise<Stored>;

  /**
   * Streams the bytes [start, end) of an object, or all of it without `range`, in chunks of at most 1 MiB. The stream
   * keeps reading the same object if the key is overwritten or deleted meanwhile, and fails instead of ending early.
   * Destroy the stream when you stop reading.
   *
   * @throws ArtifactMissingError; RangeError if the range is not within the object.
   */
  open(key: string, range?: ByteRange): Promise<Readable>;

  /** Returns undefined if there is no finished object. */
  stat(key: string): Promise<Stored | undefined>;

  /**
   * Returns and clears the reason why the last failed write of `key` in this process left parts that could not be
   * removed. A store without unfinished uploads does not have this method.
   */
  takeLeftover?(key: string): Error | undefined;

  /** Deletes one object. Does nothing if it does not exist. */
  delete(key: string, options?: DeleteOptions): Promise<void>;

  /**
   * Deletes unfinished objects that crashed writers of `key` left, never the finished object. A writer of `key` that is
   * still active fails.
   *
   * @returns the number of deleted objects.
   */
  deletePartials(key: string): Promise<number>;

  /**
   * Deletes everything in the folder `prefix` (`a/b` and `a/b/` are the same folder; `a/bc` is not in it), including
   * unfinished objects of crashed writers. A writer that is still active in the folder fails.
   *
   * @returns the number of deleted objects, including unfinished ones.
   */
  deletePrefix(prefix: string, options?: DeleteOptions): Promise<number>;

  /** Lists everything in the folder `prefix`, in no particular order; '' lists the whole store. */
  list(prefix: string): AsyncIterable<ListedArtifact>;

  /**
   * Tests every operation that the product needs with small temporary objects and removes them.
   *
   * @throws ArtifactStoreError with a message that explains the problem to an operator.
   */
  probe(): Promise<StoreFindings>;
}

export interface WriteOptions {
  readonly signal: AbortSignal;
  /**
   * Called if a write failed and the parts it had stored could not be removed. They stay in the store until a sweep
   * removes them.
   */
  readonly onLeftover?: ((error: Error) => void) | undefined;
}

/** The result of a successful probe. */
export interface StoreFindings {
  /** Whether the store keeps old versions of deleted objects. */
  readonly versioning: 'enabled' | 'suspended' | 'off' | 'unknown';
  /** Whether the store may reject the deletion of an object until its retention period ends. */
  readonly objectLock: 'enabled' | 'off' | 'unknown';
  /** The consequences, for operators and users. They name no bucket, path or key. */
  readonly notes: readonly string[];
}

export interface DeleteOptions {
  /** Stops waiting for a store that does not respond. Objects deleted by then stay deleted. */
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
  /** For a partial object, the key it would have had. */
  readonly key: string;
  /** For a partial object, the known size; object stores may report 0. */
  readonly bytes: number;
  /** For a partial object, the time when it was started or last written. */
  readonly modifiedAt: Date;
  /** Unfinished: still being written, or left by a crashed writer. */
  readonly partial: boolean;
}

/** The kind of remedy for an operator: free space, grant access, find the file, or read the message. */
export type ArtifactStoreFailure = 'full' | 'refused' | 'missing' | 'failed';

/** The problem, more precise than the reason. */
export type StoreProblem = keyof typeof STORE_PROBLEMS;

interface StoreErrorOptions extends ErrorOptions {
  /** Default: derived from the reason. */
  readonly problem?: StoreProblem;
  /** The missing permissions with their policy names, such as `s3:AbortMultipartUpload`. */
  readonly permissions?: readonly string[];
}

/** A failure of the store. The message is for operators and logs and may contain paths; `publicDetail` is public. */
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

  /** One or two sentences that do not name a bucket, path or key. */
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

/** @throws RangeError if `range` is not within an object of `bytes` bytes. */
export function checkRange(range: ByteRange, bytes: number): void {
  const { start, end } = range;
  const whole = Number.isSafeInteger(start) && Number.isSafeInteger(end);
  if (!whole || start < 0 || end < start || end > bytes) {
    throw new RangeError(`The range [${start}, ${end}) is not within ${bytes} bytes`);
  }
}
