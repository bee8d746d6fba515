import { ArtifactStoreError, type ArtifactStore, type StoreFindings } from './artifact-store.ts';

/** A probe writes, reads and deletes objects, so it is repeated only after this time. */
const PROBE_TTL_MS = 10_000;

/** What the last probe of a store found; safe to show to anyone. */
export interface StoreCondition {
  /** unknown: not probed yet. */
  readonly state: 'unknown' | 'usable' | 'unusable';
  /** Why it is unusable. */
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

/** The probes of one store in this process, shared by all that want to know its condition. */
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

  /** The newest result that is not too old; probes otherwise. Rejects when the store cannot be used. */
  check(): Promise<StoreFindings> {
    if (this.#current === undefined || performance.now() - this.#startedAt > this.#ttlMs) {
      this.#startedAt = performance.now();
      this.#current = this.#probe();
      // It may be started without being awaited.
      this.#current.catch(() => undefined);
    }
    return this.#current;
  }

  /** Starts a probe when the last one is older than this, without waiting for it. */
  refresh(maxAgeMs: number): void {
    if (performance.now() - this.#startedAt > maxAgeMs) void this.check().catch(() => undefined);
  }

  /** What the last finished probe found. */
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

/** The health of a store; one for each store of the process, so that its users do not probe it each. */
export function healthOf(store: Pick<ArtifactStore, 'probe'>): StoreHealth {
  const known = byStore.get(store);
  if (known !== undefined) return known;
  const health = new StoreHealth(store);
  byStore.set(store, health);
  return health;
}

/** What is wrong with a store, in words that anyone may see. */
export function publicReason(error: unknown): string {
  return error instanceof ArtifactStoreError
    ? error.publicDetail
    : 'The artifact store did not answer as expected.';
}
