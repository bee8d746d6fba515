import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type Config, DEFAULT_REGIONS } from '../../server/src/config.ts';
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../server/src/regions/embedded/embedded-postgres.ts';

/** Where the databases of an installation are; passwords inside. */
export interface Databases {
  /** Region → URL of the owner role. */
  readonly regions: ReadonlyMap<string, string>;
  /** URL of the dashboard's owner role; undefined when regions are given and DASHBOARD_DATABASE_URL is not. */
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

/** Starts the embedded PostgreSQL with a database for each region and one for the dashboard. */
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
 * Runs work on the installation's databases: those of REGION_DATABASE_URLS, else the embedded ones of
 * EXHIBIT_HOME, started for the time of the work when `exhibit up` is not running.
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

/** The databases of a long-running process, which must not own the embedded PostgreSQL. */
export async function requireDatabases(config: Config): Promise<Databases> {
  const given = givenDatabases(config);
  if (given !== undefined) return given;
  const running = await runningDatabases(config);
  if (running !== undefined) return running;
  throw new Error(
    'No database: set REGION_DATABASE_URLS (us=postgres://…,eu=…), or run "exhibit up" for everything in one.',
  );
}

/** The dashboard database of a long-running dashboard, which needs no other. */
export async function requireDashboardDatabase(config: Config): Promise<string> {
  const url = config.dashboardDatabaseUrl ?? (await runningDatabases(config))?.dashboard;
  if (url !== undefined) return url;
  throw new Error(
    'No dashboard database: set DASHBOARD_DATABASE_URL, or run "exhibit up" for everything in one.',
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
    // EPERM: it lives, under the unprivileged account that the embedded server runs as.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
