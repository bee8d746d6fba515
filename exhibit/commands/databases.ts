import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type Config, DEFAULT_REGIONS } from '../../server/src/config.ts';
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../server/src/regions/embedded/embedded-postgres.ts';

/** URLs of an installation's databases. They contain passwords. */
export interface Databases {
  /** Region → URL of the owner role. */
  readonly regions: ReadonlyMap<string, string>;
  /** URL of the dashboard's owner role; undefined if REGION_DATABASE_URLS is set and DASHBOARD_DATABASE_URL is not. */
  readonly dashboard: string | undefined;
}

export interface EmbeddedDatabases extends Databases {
  readonly postgres: EmbeddedPostgres;
  readonly dashboard: string;
}

const FILE = 'databases.json';
const fileSchema = z.object({
  pid: z.int(),
  regions: z.record(z.string(), z.string()),
  dashboard: z.string().optional(),
});

/** Starts the embedded PostgreSQL with one database for each region and one for the dashboard. */
export async function startDatabases(
  config: Config,
  log: (message: string) => void,
): Promise<EmbeddedDatabases> {
  const postgres = await startEmbeddedPostgres({
    directory: join(config.home, 'postgres'),
    durability: 'durable',
    log,
    ...(config.postgresPort === undefined ? {} : { port: config.postgresPort }),
  });
  const names = DEFAULT_REGIONS.map((region) => [region, `exhibit_${region}`] as const);
  for (const name of [...names.map(([, database]) => database), 'exhibit_dashboard'])
    await postgres.ensureDatabase(name);
  const regions = new Map(names.map(([region, database]) => [region, postgres.url(database)]));
  const dashboard = postgres.url('exhibit_dashboard');
  const file = { pid: postgres.pid, regions: Object.fromEntries(regions), dashboard };
  await writeFile(join(config.home, FILE), JSON.stringify(file), { mode: 0o600 });
  return { postgres, regions, dashboard };
}

/**
 * Runs `work` with the installation's databases: those of REGION_DATABASE_URLS, or else the embedded ones of
 * EXHIBIT_HOME. If `exhibit up` is not running, the embedded PostgreSQL is started and stopped again afterwards.
 */
export async function withDatabases<Result>(
  config: Config,
  work: (databases: Databases) => Promise<Result>,
): Promise<Result> {
  const given = givenDatabases(config);
  if (given !== undefined) return work(given);
  const running = await runningDatabases(config);
  if (running !== undefined) return work(running);
  const databases = await startDatabases(config, () => undefined);
  try {
    return await work(databases);
  } finally {
    await databases.postgres.stop();
  }
}

/** Databases for a long-running process, which must not start and stop the embedded PostgreSQL. */
export async function requireDatabases(config: Config): Promise<Databases> {
  const given = givenDatabases(config);
  if (given !== undefined) return given;
  const running = await runningDatabases(config);
  if (running !== undefined) return running;
  throw new Error(
    'No database: set REGION_DATABASE_URLS (us=postgres://…,eu=…), or run "exhibit up", which includes one.',
  );
}

/** The dashboard database for a long-running dashboard process, which needs no regional database. */
export async function requireDashboardDatabase(config: Config): Promise<string> {
  const url = config.dashboardDatabaseUrl ?? (await runningDatabases(config))?.dashboard;
  if (url !== undefined) return url;
  throw new Error(
    'No dashboard database: set DASHBOARD_DATABASE_URL, or run "exhibit up", which includes one.',
  );
}

function givenDatabases(config: Config): Databases | undefined {
  if (config.regionDatabaseUrls.size === 0) return undefined;
  return { regions: config.regionDatabaseUrls, dashboard: config.dashboardDatabaseUrl };
}

async function runningDatabases(config: Config): Promise<Databases | undefined> {
  const text = await readFile(join(config.home, FILE), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const file = fileSchema.parse(JSON.parse(text));
  if (!isAlive(file.pid)) return undefined;
  const regions = new Map(Object.entries(file.regions));
  return { regions, dashboard: config.dashboardDatabaseUrl ?? file.dashboard };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM means that the process exists but runs as the unprivileged user of the embedded server.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
