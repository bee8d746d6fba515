import { mkdir } from 'node:fs/promises';
import type { Config } from '../config.ts';
import { seedDemo } from '../demo/seed-demo.ts';
import { migrateDatabase } from '../regions/migrate.ts';
import { type EmbeddedDatabases, startDatabases } from './databases.ts';
import { print } from './print.ts';
import { Supervisor } from './supervisor.ts';
import { untilStopped } from './until-stopped.ts';

/** `exhibit up`: embedded PostgreSQL, migrations, demo data when asked for, then api, worker and dashboard. */
export async function up(config: Config): Promise<void> {
  await mkdir(config.home, { recursive: true });
  // From the first moment on: Ctrl-C while something is still starting must stop all of it, too.
  const stopped = untilStopped();
  print('Starting PostgreSQL …');
  const databases = await startDatabases(config, print);
  const supervisor = new Supervisor({
    REGION_DATABASE_URLS: [...databases.regions]
      .map(([region, url]) => `${region}=${url}`)
      .join(','),
    DASHBOARD_DATABASE_URL: databases.dashboard,
  });
  try {
    const running = startProcesses(config, databases, supervisor).then(() => failureOf(databases));
    await Promise.race([stopped, running]);
  } finally {
    print('Stopping …');
    await supervisor.stop();
    await databases.postgres.stop();
  }
}

async function startProcesses(
  config: Config,
  databases: EmbeddedDatabases,
  supervisor: Supervisor,
): Promise<void> {
  for (const url of databases.regions.values()) await migrateDatabase(url, 'regional');
  const [apiUrl, dashboardUrl] = await Promise.all([
    supervisor.start('api'),
    supervisor.start('dashboard'),
    supervisor.start('worker'),
  ]);
  if (config.demo.enabled) await seedDemo(config, databases.regions, { apiUrl, dashboardUrl });
  print(
    `\nExhibit is up. Ctrl-C stops it.\n  dashboard  ${dashboardUrl}\n  api        ${apiUrl}  (documentation: ${apiUrl}/docs)`,
  );
}

async function failureOf({ postgres }: EmbeddedDatabases): Promise<never> {
  await postgres.exited;
  throw new Error(
    'PostgreSQL ended unexpectedly; its log is in EXHIBIT_HOME. Start again to recover.',
  );
}
