import { migrateDatabase } from '../server/src/regions/migrate.ts';
import type { EmbeddedPostgres } from '../server/src/regions/embedded/embedded-postgres.ts';

/** Templates with every migration: of a region, and of the dashboard. */
export const TEMPLATE_DATABASE = 'exhibit_template';
export const DASHBOARD_TEMPLATE_DATABASE = 'exhibit_dashboard_template';

/**
 * Creates the template databases for tests, once per run. Close all connections to them, because
 * CREATE DATABASE … TEMPLATE fails while a client is connected to the template.
 */
export async function prepareTemplates(cluster: EmbeddedPostgres): Promise<void> {
  for (const [name, migrations] of [
    [TEMPLATE_DATABASE, 'regional'],
    [DASHBOARD_TEMPLATE_DATABASE, 'dashboard'],
  ] as const) {
    await cluster.ensureDatabase(name);
    await migrateDatabase(cluster.url(name), migrations);
  }
}
