import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { pino } from 'pino';
import { createAuth } from './auth/create-auth.ts';
import { DeviceCookies } from './auth/device-cookie.ts';
import type { BffDeps, DashboardQuotas, DashboardRateLimits } from './bff-deps.ts';
import { buildApp } from './build-app.ts';
import { openPool } from './database.ts';
import { recordHeartbeat, endProcess } from './evidence/process-heartbeat.ts';
import { SettleLater } from './evidence/settle-later.ts';
import {
  BODY_LIMITS,
  type BodyLimits,
  HTTP_LIMITS,
  type HttpLimits,
} from '../../http-edge/http-limits.ts';
import { LOOP_TIMES, type LoopTimes, runLoops } from './loops.ts';
import { readSigningKey, sessionSecret } from './tokens/token-keys.ts';
import { createTokenSigner } from './tokens/token-signer.ts';
import { ApiClient } from './upstream/api-client.ts';

const API_TIMEOUT_MS = 35_000;
/** Maximum wait for requests in flight when the process stops. */
const CLOSE_MS = 5_000;

interface DashboardOptions {
  readonly host: string;
  /** 0: a free port. */
  readonly port: number;
  readonly apiUrl: string;
  /** The api's URL for programs elsewhere; default: `apiUrl`. */
  readonly publicApiUrl?: string | undefined;
  readonly databaseUrl: string;
  /** DASHBOARD_TOKEN_KEYS: a JWKS as JSON text, or `file:/path`. */
  readonly tokenKeys: string;
  /** The dashboard's URL for browsers; default: the address on which it listens. */
  readonly publicUrl?: string | undefined;
  readonly regions: readonly string[];
  /** Bytes. */
  readonly maxDownloadBytes: number;
  /** Default a million. */
  readonly confirmRows?: number;
  readonly trustProxy?: readonly string[];
  /** Directory of the built web app (buildWebApp); without it there are no pages, only /api. */
  readonly webApp?: string;
  /** Default: none. */
  readonly quotas?: DashboardQuotas;
  /** Default: none. */
  readonly rateLimits?: DashboardRateLimits;
  readonly logLevel?: string;
  readonly times?: Partial<LoopTimes>;
  readonly httpLimits?: HttpLimits;
  /** Memory for request bodies, bytes; default: 64 MiB. */
  readonly bodyBudgetBytes?: number;
  /** Minimum speed of request bodies. */
  readonly bodySpeed?: Pick<BodyLimits, 'graceMs' | 'minBytesPerSecond'>;
  /** Maximum time of a call of the api; `times.callAfterMs` must be longer. */
  readonly apiTimeoutMs?: number;
}

interface Dashboard {
  readonly url: string;
  readonly server: Server;
  /** From now on `/ready` answers 503; all other requests are served as before. */
  announceStop(): void;
  stop(): Promise<void>;
}

/** Serves the dashboard and runs its background loops. It is only a client of the api. */
export async function startDashboard(options: DashboardOptions): Promise<Dashboard> {
  const key = await readSigningKey(options.tokenKeys);
  const log = pino({ level: options.logLevel ?? 'info', base: { process: 'dashboard' } });
  const pool = openPool(options.databaseUrl);
  const api = new ApiClient(options.apiUrl, options.apiTimeoutMs ?? API_TIMEOUT_MS);
  const publicUrl = (options.publicUrl ?? addressOf(options)).replace(/\/$/, '');
  const settleLater = new SettleLater(pool, log);
  const [announced, stopping] = [new AbortController(), new AbortController()];
  const deps: BffDeps = {
    pool,
    api,
    log,
    auth: createAuth({ pool, secret: sessionSecret(key), publicUrl }),
    devices: new DeviceCookies({ secret: sessionSecret(key), publicUrl }),
    tokens: createTokenSigner(key),
    processId: randomUUID(),
    settleLater,
    stopping: announced.signal,
    settings: {
      publicUrl,
      publicApiUrl: (options.publicApiUrl ?? options.apiUrl).replace(/\/$/, ''),
      regions: options.regions,
      maxDownloadBytes: options.maxDownloadBytes,
      confirmRows: options.confirmRows ?? 1_000_000,
      trustProxy: options.trustProxy ?? [],
      webApp: options.webApp,
      quotas: options.quotas ?? { workspaces: Infinity, invitations: Infinity },
      rateLimits: options.rateLimits ?? { dashboardPerAddress: 0, signInPerAddress: 0 },
    },
  };
  const app = await buildApp(deps, limitsOf(options));
  // Before the first intent: another process would settle the intents of a process without a heartbeat. An unavailable
  // database is not fatal: no intent can be written until it is back, and then the loop records a heartbeat first.
  await recordHeartbeat(pool, deps.processId).catch((error: unknown) =>
    log.warn({ err: error }, 'the database is not available yet'),
  );
  const url = await app.listen({ host: options.host, port: options.port });
  const loops = runLoops(deps, { ...LOOP_TIMES, ...options.times }, stopping.signal);
  return {
    url,
    server: app.server,
    announceStop: () => announced.abort(),
    stop: async () => {
      stopping.abort();
      // Requests in flight are answered. A download may take hours: it is interrupted and recorded as aborted.
      const cut = setTimeout(() => app.server.closeAllConnections(), CLOSE_MS);
      await app.close();
      clearTimeout(cut);
      await settleLater.stop();
      await loops;
      await endProcess(pool, deps.processId).catch(() => undefined);
      api.close();
      await pool.end();
    },
  };
}

function limitsOf({ httpLimits, bodyBudgetBytes, bodySpeed }: DashboardOptions): HttpLimits {
  return {
    bodies: { ...BODY_LIMITS, ...bodySpeed },
    ...(bodyBudgetBytes === undefined ? {} : { bodyBudgetBytes }),
    ...(httpLimits ?? HTTP_LIMITS),
  };
}

function addressOf({ host, port }: DashboardOptions): string {
  const reachable = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}
