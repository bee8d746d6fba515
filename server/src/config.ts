import { resolve } from 'node:path';
import { z } from 'zod';
import { MAX_NEW_PARTITIONS } from './events/ingest/event-partitions.ts';

/** Regions of a default installation; REGION_DATABASE_URLS replaces the list. */
export const DEFAULT_REGIONS = ['us', 'eu'] as const;

const REGION_NAME = /^[a-z][a-z0-9-]{0,15}$/;

/** `us=postgres://…,eu=postgres://…`: one entry per region, in order. */
function regionMap(name: string) {
  return z
    .string()
    .optional()
    .transform((text, context): ReadonlyMap<string, string> => {
      const entries = new Map<string, string>();
      for (const part of (text ?? '').split(',').filter((piece) => piece.trim() !== '')) {
        const at = part.indexOf('=');
        const region = part.slice(0, at).trim();
        if (at < 1 || !REGION_NAME.test(region) || entries.has(region)) {
          context.addIssue({ code: 'custom', message: `${name} must look like us=<url>,eu=<url>` });
          return z.NEVER;
        }
        entries.set(region, part.slice(at + 1).trim());
      }
      return entries;
    });
}

const port = (fallback: number) => z.coerce.number().int().min(0).max(65_535).default(fallback);
const count = (fallback: number) => z.coerce.number().int().min(1).default(fallback);
/** Requests per minute; 0 means unlimited. */
const rate = (fallback: number) => z.coerce.number().int().min(0).default(fallback);
/** `10.0.0.0/8, 192.0.2.1` */
const addresses = z
  .string()
  .default('')
  .transform((text) =>
    text.split(',').flatMap((part) => (part.trim() === '' ? [] : [part.trim()])),
  );

const environment = z.object({
  EXHIBIT_HOME: z.string().default('.exhibit'),
  /** MiB of request bodies in memory per api process; at least two of the largest (64), so that one company cannot block others. */
  API_MAX_BODIES_MIB: z.coerce
    .number()
    .int()
    .min(64)
    .default(256)
    .transform((mib) => Math.max(mib, 128)),
  /** MiB of request bodies in memory per dashboard process, whose largest body is 1 MiB. */
  DASHBOARD_MAX_BODIES_MIB: z.coerce.number().int().min(4).default(64),
  /** Minimum average speed of a request body after BODY_GRACE_SECONDS; 0 means no minimum. */
  BODY_MIN_BYTES_PER_SECOND: z.coerce.number().int().min(0).default(4_096),
  BODY_GRACE_SECONDS: z.coerce.number().int().min(1).max(60).default(10),
  /** Connections to each region's database for searches, lists and counts of events. */
  API_READ_CONNECTIONS: count(8),
  /** Maximum number of them that one company may use at the same time. */
  API_MAX_READS_PER_COMPANY: count(3),
  /** Connections to each region's database for everything else, including incoming events. */
  API_WRITE_CONNECTIONS: count(20),
  /** Maximum number of them that one company may use at the same time. */
  API_MAX_WRITES_PER_COMPANY: count(10),
  /** Concurrent downloads per API key or user and api process. */
  API_MAX_DOWNLOADS_PER_CALLER: count(200),
  /** The same to all keys and people of one company. */
  API_MAX_DOWNLOADS_PER_COMPANY: count(500),
  API_HOST: z.string().default('127.0.0.1'),
  API_PORT: port(4600),
  /** How long an api keeps serving after a shutdown signal, so that load balancers notice. */
  API_DRAIN_SECONDS: z.coerce.number().int().min(0).max(300).default(1),
  DASHBOARD_HOST: z.string().default('127.0.0.1'),
  DASHBOARD_PORT: port(4610),
  /** Port of the development server of the web app (`npm run dev`). */
  DEV_PORT: port(4620),
  /** How long a dashboard keeps serving after a shutdown signal. */
  DASHBOARD_DRAIN_SECONDS: z.coerce.number().int().min(0).max(300).default(1),
  /** URL of the api for the dashboard server; default: the api on this machine. */
  API_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** URL of the api for programs elsewhere, used in commands that the dashboard shows; default: API_URL. */
  API_PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** URL of the dashboard for browsers; default: its listening address. */
  DASHBOARD_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Addresses or networks of proxies in front of the dashboard whose X-Forwarded-For header is trusted. */
  DASHBOARD_TRUSTED_PROXIES: addresses,
  /** Addresses or networks of trusted proxies in front of the api. */
  API_TRUSTED_PROXIES: addresses,
  /** Port of the embedded PostgreSQL; default: the previous port, or else a free one. */
  EXHIBIT_POSTGRES_PORT: z.coerce.number().int().min(1).max(65_535).optional(),
  /** Public keys of the dashboard's tokens: a JWKS as JSON, or file:/path to one. If unset, all tokens are rejected. */
  DASHBOARD_TOKEN_KEYS: z.string().optional(),
  DASHBOARD_DATABASE_URL: z.string().optional(),
  REGION_DATABASE_URLS: regionMap('REGION_DATABASE_URLS'),
  ARTIFACT_STORES: regionMap('ARTIFACT_STORES'),
  MAX_DOWNLOAD_BYTES: count(5 * 1024 ** 3),
  /** The dashboard asks for confirmation before an export of more rows than this. */
  DASHBOARD_CONFIRM_ROWS: count(1_000_000),
  EXPORT_MAX_ROWS: count(50_000_000),
  EXPORT_MAX_RUNNING_PER_COMPANY: count(2),
  EXPORT_ARTIFACT_TTL_DAYS: count(30),
  /** Concurrent export jobs per worker process. */
  EXPORT_CONCURRENCY: count(4),
  /** Events per export slice; use about 20,000 on Citus. */
  EXPORT_SLICE_ROWS: count(250_000),
  // One caller gets about a fifth, and one company less than half, of the throughput of one api on two cores:
  // docs/operations/settings.md, Limits.
  RATE_LIMIT_PER_CALLER: rate(9_000),
  RATE_LIMIT_PER_COMPANY: rate(18_000),
  RATE_LIMIT_INGEST_PER_KEY: rate(24_000),
  RATE_LIMIT_INGEST_PER_COMPANY: rate(36_000),
  RATE_LIMIT_BAD_KEYS_PER_ADDRESS: rate(300),
  RATE_LIMIT_DASHBOARD_PER_ADDRESS: rate(6_000),
  RATE_LIMIT_SIGN_IN_PER_ADDRESS: rate(120),
  /** Maximum total size of the export files of one company. */
  EXPORT_MAX_ARTIFACT_BYTES_PER_COMPANY: count(50 * 1024 ** 3),
  /** Exports pause while a disk they write to has less free space than this; 0 disables the check. */
  EXPORT_MIN_FREE_DISK_BYTES: z.coerce
    .number()
    .int()
    .min(0)
    .default(1024 ** 3),
  /** Minutes during which an outage of the store or database does not use up attempts of an export. */
  EXPORT_RETRY_MINUTES: z.coerce.number().int().min(10).max(10_080).default(60),
  EXPORT_MAX_PENDING_PER_COMPANY: count(1_000),
  MAX_API_KEYS_PER_COMPANY: count(1_000),
  MAX_SAVED_VIEWS_PER_COMPANY: count(2_000),
  MAX_EXPORT_TEMPLATES_PER_COMPANY: count(2_000),
  MAX_WORKSPACES_PER_COMPANY: count(1_000),
  MAX_INVITATIONS_PER_COMPANY: count(500),
  /** Partitions of the event table (months, years, decades) that one company's events may create per day. */
  MAX_NEW_PARTITIONS_PER_COMPANY: count(MAX_NEW_PARTITIONS),
  EXHIBIT_DEMO: z.enum(['0', '1']).default('0'),
  EXHIBIT_DEMO_EVENTS: z.coerce.number().int().min(0).default(100_000),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

export interface Config {
  /** Absolute path of EXHIBIT_HOME: embedded database, artifacts, demo.json. */
  readonly home: string;
  readonly api: {
    readonly host: string;
    readonly port: number;
    readonly drainSeconds: number;
    readonly bodyBudgetBytes: number;
    readonly readConnections: number;
    readonly readsPerCompany: number;
    readonly writeConnections: number;
    readonly writesPerCompany: number;
    readonly downloadsPerCaller: number;
    readonly downloadsPerCompany: number;
    readonly trustedProxies: readonly string[];
  };
  readonly dashboard: {
    readonly host: string;
    readonly port: number;
    readonly drainSeconds: number;
    readonly apiUrl: string | undefined;
    readonly publicApiUrl: string | undefined;
    readonly publicUrl: string | undefined;
    readonly confirmRows: number;
    readonly bodyBudgetBytes: number;
    readonly trustedProxies: readonly string[];
  };
  readonly devPort: number;
  /** Minimum speed of request bodies, for the api and the dashboard. */
  readonly bodies: { readonly graceMs: number; readonly minBytesPerSecond: number };
  readonly postgresPort: number | undefined;
  /** JWKS text or `file:` URL of the keys that sign the dashboard's tokens. */
  readonly dashboardTokenKeys: string | undefined;
  readonly dashboardDatabaseUrl: string | undefined;
  /** Region → connection URL of its owner role; empty means the embedded PostgreSQL. */
  readonly regionDatabaseUrls: ReadonlyMap<string, string>;
  /** Region → artifact store URL. Other regions use a directory in `home`. */
  readonly artifactStores: ReadonlyMap<string, string>;
  readonly maxDownloadBytes: number;
  readonly exports: {
    readonly maxRows: number;
    readonly maxRunningPerCompany: number;
    readonly artifactTtlDays: number;
    readonly concurrency: number;
    readonly sliceRows: number;
    readonly minFreeDiskBytes: number;
    readonly retrySeconds: number;
  };
  /** Requests per minute and process; 0 means unlimited. */
  readonly rateLimits: {
    readonly perCaller: number;
    readonly perCompany: number;
    readonly ingestPerKey: number;
    readonly ingestPerCompany: number;
    readonly badKeysPerAddress: number;
    readonly dashboardPerAddress: number;
    readonly signInPerAddress: number;
  };
  /** Maximum number of items of each kind per company. */
  readonly quotas: {
    readonly pendingExports: number;
    readonly artifactBytes: number;
    readonly apiKeys: number;
    readonly savedViews: number;
    readonly exportTemplates: number;
    readonly workspaces: number;
    readonly invitations: number;
    readonly newPartitionsPerDay: number;
  };
  readonly demo: { readonly enabled: boolean; readonly events: number };
  readonly logLevel: z.infer<typeof environment>['LOG_LEVEL'];
}

/**
 * Reads and validates the environment. No other code reads it.
 * @throws Error with one message that lists every invalid variable.
 */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  // Treat an empty variable as unset, so that `API_PORT= npm start` does not mean port 0.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = environment.safeParse(given);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`Invalid environment variables:\n${lines.join('\n')}`);
  }
  const value = parsed.data;
  return {
    home: resolve(value.EXHIBIT_HOME),
    api: {
      host: value.API_HOST,
      port: value.API_PORT,
      drainSeconds: value.API_DRAIN_SECONDS,
      downloadsPerCaller: value.API_MAX_DOWNLOADS_PER_CALLER,
      downloadsPerCompany: value.API_MAX_DOWNLOADS_PER_COMPANY,
      bodyBudgetBytes: value.API_MAX_BODIES_MIB * 1024 * 1024,
      readConnections: value.API_READ_CONNECTIONS,
      readsPerCompany: value.API_MAX_READS_PER_COMPANY,
      writeConnections: value.API_WRITE_CONNECTIONS,
      writesPerCompany: value.API_MAX_WRITES_PER_COMPANY,
      trustedProxies: value.API_TRUSTED_PROXIES,
    },
    dashboard: {
      host: value.DASHBOARD_HOST,
      port: value.DASHBOARD_PORT,
      drainSeconds: value.DASHBOARD_DRAIN_SECONDS,
      apiUrl: value.API_URL,
      publicApiUrl: value.API_PUBLIC_URL,
      publicUrl: value.DASHBOARD_URL,
      confirmRows: value.DASHBOARD_CONFIRM_ROWS,
      bodyBudgetBytes: value.DASHBOARD_MAX_BODIES_MIB * 1024 * 1024,
      trustedProxies: value.DASHBOARD_TRUSTED_PROXIES,
    },
    devPort: value.DEV_PORT,
    bodies: {
      graceMs: value.BODY_GRACE_SECONDS * 1000,
      minBytesPerSecond: value.BODY_MIN_BYTES_PER_SECOND,
    },
    postgresPort: value.EXHIBIT_POSTGRES_PORT,
    dashboardTokenKeys: value.DASHBOARD_TOKEN_KEYS,
    dashboardDatabaseUrl: value.DASHBOARD_DATABASE_URL,
    regionDatabaseUrls: value.REGION_DATABASE_URLS,
    artifactStores: value.ARTIFACT_STORES,
    maxDownloadBytes: value.MAX_DOWNLOAD_BYTES,
    exports: {
      maxRows: value.EXPORT_MAX_ROWS,
      maxRunningPerCompany: value.EXPORT_MAX_RUNNING_PER_COMPANY,
      artifactTtlDays: value.EXPORT_ARTIFACT_TTL_DAYS,
      concurrency: value.EXPORT_CONCURRENCY,
      sliceRows: value.EXPORT_SLICE_ROWS,
      minFreeDiskBytes: value.EXPORT_MIN_FREE_DISK_BYTES,
      retrySeconds: value.EXPORT_RETRY_MINUTES * 60,
    },
    rateLimits: {
      perCaller: value.RATE_LIMIT_PER_CALLER,
      perCompany: value.RATE_LIMIT_PER_COMPANY,
      ingestPerKey: value.RATE_LIMIT_INGEST_PER_KEY,
      ingestPerCompany: value.RATE_LIMIT_INGEST_PER_COMPANY,
      badKeysPerAddress: value.RATE_LIMIT_BAD_KEYS_PER_ADDRESS,
      dashboardPerAddress: value.RATE_LIMIT_DASHBOARD_PER_ADDRESS,
      signInPerAddress: value.RATE_LIMIT_SIGN_IN_PER_ADDRESS,
    },
    quotas: {
      pendingExports: value.EXPORT_MAX_PENDING_PER_COMPANY,
      artifactBytes: value.EXPORT_MAX_ARTIFACT_BYTES_PER_COMPANY,
      apiKeys: value.MAX_API_KEYS_PER_COMPANY,
      savedViews: value.MAX_SAVED_VIEWS_PER_COMPANY,
      exportTemplates: value.MAX_EXPORT_TEMPLATES_PER_COMPANY,
      workspaces: value.MAX_WORKSPACES_PER_COMPANY,
      invitations: value.MAX_INVITATIONS_PER_COMPANY,
      newPartitionsPerDay: value.MAX_NEW_PARTITIONS_PER_COMPANY,
    },
    demo: { enabled: value.EXHIBIT_DEMO === '1', events: value.EXHIBIT_DEMO_EVENTS },
    logLevel: value.LOG_LEVEL,
  };
}
