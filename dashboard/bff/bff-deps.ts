import type pg from 'pg';
import type { Logger } from 'pino';
import type { Auth } from './auth/create-auth.ts';
import type { DeviceCookies } from './auth/device-cookie.ts';
import type { SettleLater } from './evidence/settle-later.ts';
import type { TokenSigner } from './tokens/token-signer.ts';
import type { ApiClient } from './upstream/api-client.ts';

/** The dependencies of the dashboard's routes and loops. */
export interface BffDeps {
  readonly pool: pg.Pool;
  readonly auth: Auth;
  readonly devices: DeviceCookies;
  readonly tokens: TokenSigner;
  readonly api: ApiClient;
  readonly log: Logger;
  /** This process, in `dashboard_processes`. */
  readonly processId: string;
  readonly settleLater: SettleLater;
  /** Aborted when this process is about to stop: /ready reports 503 from then on. */
  readonly stopping?: AbortSignal;
  readonly settings: BffSettings;
}

interface BffSettings {
  /** The dashboard's URL for browsers, without a trailing slash; invitation links start with it. */
  readonly publicUrl: string;
  /** The api's URL for programs, without a trailing slash; shown in commands for people to copy. */
  readonly publicApiUrl: string;
  /** Regions in which companies can be created. */
  readonly regions: readonly string[];
  /** Maximum size of a file that the dashboard serves, bytes. */
  readonly maxDownloadBytes: number;
  /** The web app asks for confirmation of exports with more rows. */
  readonly confirmRows: number;
  /** Addresses of proxies whose X-Forwarded-For is trusted; empty: none. */
  readonly trustProxy: readonly string[];
  /** Directory of the built web app; undefined: no pages are served, such as in tests of the API. */
  readonly webApp: string | undefined;
  readonly quotas: DashboardQuotas;
  readonly rateLimits: DashboardRateLimits;
}

/** Maximum number of each resource per company. */
export interface DashboardQuotas {
  readonly workspaces: number;
  /** Invitations that can still be accepted. */
  readonly invitations: number;
}

/** Maximum requests per minute from one address; every dashboard process counts its own. 0: no limit. */
export interface DashboardRateLimits {
  /** All requests under /api. */
  readonly dashboardPerAddress: number;
  /** Requests with a password or an invitation's secret. */
  readonly signInPerAddress: number;
}
