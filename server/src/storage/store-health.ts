import { ArtifactStoreError, type ArtifactStore, type StoreFindings } from './artifact-store.ts';

/** Minimum interval between probes, because each one writes, reads and deletes objects. */
const PROBE_TTL_MS = 10_000;

/** The result of the last probe of a store. It may be shown to anyone. */
export interface StoreCondition {
  /** `unknown` means that the store has not been probed yet. */
  readonly state: 'unknown' | 'usable' | 'unusable';
  /** The reason why the store is unusable. */
  readonly reason: string | null;
  readonly versioning: StoreFindings['versioning'];
  readonly objectLock: StoreFindings['objectLock'];
  readonly notes: readonly string[];
}

const UNKNOWN: StoreCondition = {
  state: 'unknown',
  reason: null,
  versioning: 'unknown',
  objectLock: 'unknown',
  notes: [],
};

/** Probes one store and shares the result within this process. */
export class StoreHealth {
  readonly #store: Pick<ArtifactStore, 'probe'>;
  readonly #ttlMs: number;
  #current: Promise<StoreFindings> | undefined;
  #startedAt = -Infinity;
  #condition = UNKNOWN;

  constructor(store: Pick<ArtifactStore, 'probe'>, ttlMs: number = PROBE_TTL_MS) {
    this.#store = store;
    this.#ttlMs = ttlMs;
  }

  /** Returns the latest result if it is recent enough; otherwise probes. Rejects if the store is unusable. */
  check(): Promise<StoreFindings> {
    if (this.#current === undefined || performance.now() - this.#startedAt > this.#ttlMs) {
      this.#startedAt = performance.now();
      this.#current = this.#probe();
      // The promise may not be awaited, so prevent an unhandled rejection.
      this.#current.catch(() => undefined);
    }
    return this.#current;
  }

  /** Starts a probe if the last one is older than `maxAgeMs`, without waiting for it. */
  refresh(maxAgeMs: number): void {
    if (performance.now() - this.#startedAt > maxAgeMs) void this.check().catch(() => undefined);
  }

  /** The result of the last finished probe. */
  get condition(): StoreCondition {
    return this.#condition;
  }

  async #probe(): Promise<StoreFindings> {
    try {
      const findings = await this.#store.probe();
      this.#condition = { state: 'usable', reason: null, ...findings };
      return findings;
    } catch (error) {
      this.#condition = { ...UNKNOWN, state: 'unusable', reason: publicReason(error) };
      throw error;
    }
  }
}

const byStore = new WeakMap<object, StoreHealth>();

/** Returns the shared StoreHealth of a store, so that its users do not each probe it. */
export function healthOf(store: Pick<ArtifactStore, 'probe'>): StoreHealth {
  const known = byStore.get(store);
  if (known !== undefined) return known;
  const health = new StoreHealth(store);
  byStore.set(store, health);
  return health;
}

/** Describes a failure of a store in words that anyone may see. */
export function publicReason(error: unknown): string {
  return error instanceof ArtifactStoreError
    ? error.publicDetail
    : 'The artifact store returned an unexpected response.';
}
