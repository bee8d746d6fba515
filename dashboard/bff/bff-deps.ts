import type pg from 'pg';
import type { Logger } from 'pino';
import type { Auth } from './auth/create-auth.ts';
import type { DeviceCookies } from './auth/device-cookie.ts';
import type { SettleLater } from './evidence/settle-later.ts';
import type { TokenSigner } from './tokens/token-signer.ts';
import type { ApiClient } from './upstream/api-client.ts';

/** What the dashboard's routes and loops work with. */
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
  /** Aborted when this process is about to stop: it is ready no more. */
  readonly stopping?: AbortSignal;
  readonly settings: BffSettings;
}

interface BffSettings {
  /** Where browsers reach the dashboard, without a slash at the end; invitation links begin with it. */
  readonly publicUrl: string;
  /** Where programs reach the api, without a slash at the end; the commands that people copy name it. */
  readonly publicApiUrl: string;
  /** Regions a company can be made in. */
  readonly regions: readonly string[];
  /** Largest file that is handed through, bytes. */
  readonly maxDownloadBytes: number;
  /** Exports of more rows are asked about once more by the web app. */
  readonly confirmRows: number;
  /** Addresses of proxies whose X-Forwarded-For is believed; empty: nobody's. */
  readonly trustProxy: readonly string[];
  /** Directory of the built web app; undefined: its pages are not served, such as in tests of the API. */
  readonly webApp: string | undefined;
  readonly quotas: DashboardQuotas;
  readonly rateLimits: DashboardRateLimits;
}

/** How many of each a company may have. */
export interface DashboardQuotas {
  readonly workspaces: number;
  /** Links that still let somebody in. */
  readonly invitations: number;
}

/** Requests a minute from one address, counted by each dashboard process for itself; 0: as many as come. */
export interface DashboardRateLimits {
  /** Everything under /api. */
  readonly dashboardPerAddress: number;
  /** What takes a password or an invitation's secret. */
  readonly signInPerAddress: number;
}
