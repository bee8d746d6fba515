import type pg from 'pg';
import type { PgBoss } from 'pg-boss';
import type { Logger } from 'pino';
import type { EventIntake } from '../events/ingest/event-intake.ts';
import type { ArtifactStore } from '../storage/artifact-store.ts';
import type { Quotas } from '../tenancy/quota.ts';
import type { TokenKeys } from '../tenancy/token-keys.ts';
import type { BodyLimits } from '../../../http-edge/http-limits.ts';
import type { RateLimitSettings } from './rate-limits/rate-limits.ts';

/** One region as the api uses it. */
export interface ApiRegion {
  readonly name: string;
  /** Connections as exhibit_api, which pipeline. */
  readonly pool: pg.Pool;
  /** Others, for searches, counts and samples, which may take seconds: keys and new events never wait for them. */
  readonly reads: pg.Pool;
  readonly queue: PgBoss;
  readonly store: ArtifactStore;
  readonly intake: EventIntake;
}

export interface ApiDeps {
  readonly regions: ReadonlyMap<string, ApiRegion>;
  readonly log: Logger;
  /** Keys of the dashboard's tokens; without them /dashboard answers 401. */
  readonly tokenKeys?: TokenKeys;
  /** Aborted when the process is to stop: it still answers, but wants no more work. */
  readonly stopping?: AbortSignal;
  readonly settings: ApiSettings;
}

interface ApiSettings {
  /** Bytes of bodies being read or worked on, together; default: four of the largest. */
  readonly bodyBudgetBytes?: number;
  /** Default: BODY_LIMITS. */
  readonly bodyLimits?: BodyLimits;
  /** Searches, lists and counts of events that one company runs at once; default: 3. */
  readonly readsPerCompany?: number;
  /** Other transactions that one company runs at once; default: 10. */
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
  /** Addresses of proxies whose X-Forwarded-For is believed; default: nobody's. */
  readonly trustedProxies?: readonly string[];
}
