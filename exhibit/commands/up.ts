import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { formatTable } from '@exhibit/client/cli/format-table';
import { buildWebApp } from '@exhibit/dashboard/web-app';
import type { Config } from '../../server/src/config.ts';
import { storeOf } from '../../server/src/deps.ts';
import { DEMO_ACCOUNTS } from '../demo/demo-accounts.ts';
import { DEMO_COMPANIES } from '../demo/demo-companies.ts';
import { readDemoState, requireNoMix } from '../demo/demo-state.ts';
import { seedDemo } from '../demo/seed-demo.ts';
import { migrateDatabase } from '../../server/src/regions/migrate.ts';
import { healthOf, publicReason } from '../../server/src/storage/store-health.ts';
import { ensureDashboardKeys } from './dashboard-keys.ts';
import { type EmbeddedDatabases, startDatabases } from './databases.ts';
import { choosePort, localUrl } from './addresses.ts';
import { print, printError } from './print.ts';
import { Supervisor } from './supervisor.ts';
import { waitForShutdownSignal } from './wait-for-shutdown-signal.ts';

interface UpOptions {
  /** Print one line of JSON with the addresses when everything is up. */
  readonly json?: boolean;
  /** Restart processes when their sources change and serve the web app with hot reload. */
  readonly dev?: boolean;
}

/** `exhibit up`: starts the embedded PostgreSQL, migrates, seeds the demo if enabled, and runs all processes. */
export async function up(config: Config, options: UpOptions = {}): Promise<void> {
  const say = options.json === true ? printError : print;
  await mkdir(config.home, { recursive: true });
  // Listen first, so that Ctrl-C during start-up also stops everything that has been started.
  const stopped = waitForShutdownSignal();
  say('Starting PostgreSQL …');
  const databases = await startDatabases(config, say);
  const ports = {
    api: await choosePort(config.api.port),
    dashboard: await choosePort(config.dashboard.port),
  };
  const environment = {
    DASHBOARD_TOKEN_KEYS: config.dashboardTokenKeys ?? (await ensureDashboardKeys(config.home)),
    API_PORT: String(ports.api),
    DASHBOARD_PORT: String(ports.dashboard),
    REGION_DATABASE_URLS: [...databases.regions]
      .map(([region, url]) => `${region}=${url}`)
      .join(','),
    DASHBOARD_DATABASE_URL: databases.dashboard,
  };
  const supervisor = new Supervisor(environment, { watch: options.dev === true });
  await using development = new AsyncDisposableStack();
  try {
    const running = start({ config, databases, supervisor, ports, say }).then(async (addresses) => {
      if (options.dev === true) {
        const hotReload = await startHotReload(config, addresses.dashboardUrl);
        development.defer(() => hotReload.close());
        say(`\nDevelopment server (hot reload): ${hotReload.url}`);
      }
      if (options.json === true) print(JSON.stringify({ ready: true, ...addresses }));
      return failureOf(databases);
    });
    await Promise.race([stopped, running]);
  } finally {
    say('Stopping …');
    await supervisor.stop();
    await databases.postgres.stop();
  }
}

interface Starting {
  readonly config: Config;
  readonly databases: EmbeddedDatabases;
  readonly supervisor: Supervisor;
  readonly ports: { readonly api: number; readonly dashboard: number };
  readonly say: (line: string) => void;
}

async function start({ config, databases, supervisor, ports, say }: Starting) {
  // Build while the databases migrate. The dashboard process reuses this build.
  const webApp = buildWebApp();
  webApp.catch(() => undefined);
  for (const url of databases.regions.values()) await migrateDatabase(url, 'regional');
  await migrateDatabase(databases.dashboard, 'dashboard');
  requireNoMix(await readDemoState(databases), config.home, config.demo.enabled);
  const apiUrl = localUrl(config.api.host, ports.api);
  const dashboardUrl = localUrl(config.dashboard.host, ports.dashboard);
  // Seed before any process listens: when /ready responds, demo.json and the events must be complete.
  if (config.demo.enabled) {
    say('Preparing the demo data …');
    await seedDemo(config, databases, { apiUrl, dashboardUrl });
  }
  await webApp;
  await Promise.all([
    supervisor.start('api'),
    supervisor.start('dashboard'),
    supervisor.start('worker'),
  ]);
  say(
    `\nExhibit is up. Press Ctrl-C to stop it.\n  dashboard  ${dashboardUrl}\n  api        ${apiUrl}  (documentation: ${apiUrl}/docs)`,
  );
  if (config.demo.enabled) {
    say(`  demo keys  ${join(config.home, 'demo.json')}`);
    say(`\nDemo log-ins (also in demo.json):\n${demoLogIns()}`);
  }
  for (const region of databases.regions.keys()) void printStoreNotes(config, region, say);
  return { apiUrl, dashboardUrl };
}

/** Imported only here, because the product does not load Vite, a development tool. */
async function startHotReload(config: Config, dashboardUrl: string) {
  const { serveWithHotReload } = await import('@exhibit/dashboard/web-app/hot-reload');
  return serveWithHotReload(dashboardUrl, { host: config.dashboard.host, port: config.devPort });
}

/** Prints problems of the artifact store to the terminal, because exports fail until they are fixed. */
async function printStoreNotes(
  config: Config,
  region: string,
  say: (line: string) => void,
): Promise<void> {
  try {
    const { notes } = await healthOf(storeOf(config, region)).check();
    for (const note of notes) say(`Artifact store of ${region}: ${note}`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : publicReason(error);
    say(`Artifact store of ${region}: unusable, so exports will fail. ${reason}`);
  }
}

function demoLogIns(): string {
  const rows = DEMO_ACCOUNTS.map(({ email, password, role, companyId }) => [
    `  ${email}`,
    password,
    role,
    DEMO_COMPANIES.find(({ id }) => id === companyId)?.name ?? '',
  ]);
  return formatTable(['  email', 'password', 'role', 'company'], rows);
}

async function failureOf({ postgres }: EmbeddedDatabases): Promise<never> {
  await postgres.exited;
  throw new Error(
    'PostgreSQL exited unexpectedly. Its log is in EXHIBIT_HOME. Start Exhibit again to recover.',
  );
}
