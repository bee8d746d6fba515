import { migrateDatabase } from '../server/src/regions/migrate.ts';
import type { EmbeddedPostgres } from '../server/src/regions/embedded/embedded-postgres.ts';

export const TEMPLATE_DATABASE = 'exhibit_template';

/**
 * Creates the template databases for tests, once per run. Close all connections to them, because
 * CREATE DATABASE … TEMPLATE fails while a client is connected to the template.
 */
export async function prepareTemplates(cluster: EmbeddedPostgres): Promise<void> {
  await cluster.ensureDatabase(TEMPLATE_DATABASE);
  await migrateDatabase(cluster.url(TEMPLATE_DATABASE), 'regional');
}
