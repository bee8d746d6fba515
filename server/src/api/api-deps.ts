import type pg from 'pg';
import type { PgBoss } from 'pg-boss';
import type { Logger } from 'pino';
import type { EventIntake } from '../events/ingest/event-intake.ts';
import type { ArtifactStore } from '../storage/artifact-store.ts';
import type { Quotas } from '../tenancy/quota.ts';
import type { TokenKeys } from '../tenancy/token-keys.ts';
import type { BodyLimits } from '../../../http-edge/http-limits.ts';
import type { RateLimitSettings } from './rate-limits/rate-limits.ts';

/** A region's connections, queue and store, as the api uses them. */
export interface ApiRegion {
  readonly name: string;
  /** Connections with the role exhibit_api, which pipeline statements. */
  readonly pool: pg.Pool;
  /** Separate connections for searches, counts and samples, which may take seconds: key lookups and new events never wait for them. */
  readonly reads: pg.Pool;
  readonly queue: PgBoss;
  readonly store: ArtifactStore;
  readonly intake: EventIntake;
}

export interface ApiDeps {
  readonly regions: ReadonlyMap<string, ApiRegion>;
  readonly log: Logger;
  /** Keys that verify the dashboard's tokens; without them, /dashboard answers 401. */
  readonly tokenKeys?: TokenKeys;
  /** Aborted when the process is about to stop: it still answers, but /ready reports 503. */
  readonly stopping?: AbortSignal;
  readonly settings: ApiSettings;
}

interface ApiSettings {
  /** Memory for the bodies of all requests together, bytes; default: four bodies of the maximum size. */
  readonly bodyBudgetBytes?: number;
  /** Default: BODY_LIMITS. */
  readonly bodyLimits?: BodyLimits;
  /** Searches, lists and counts of events that one company may run at the same time; default: 3. */
  readonly readsPerCompany?: number;
  /** Other transactions that one company may run at the same time; default: 10. */
  readonly writesPerCompany?: number;
  readonly exportMaxRows: number;
  readonly exportMaxRunning: number;
  /** Files being sent to one key or person at the same time; default: 200. */
  readonly downloadsPerCaller?: number;
  /** The same of all keys and people of a company; default: 500. */
  readonly downloadsPerCompany?: number;
  /** Default: none. */
  readonly quotas?: Quotas;
  /** Default: none. */
  readonly rateLimits?: RateLimitSettings;
  /** Addresses of proxies whose X-Forwarded-For is trusted; default: none. */
  readonly trustedProxies?: readonly string[];
}
