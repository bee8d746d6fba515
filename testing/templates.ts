import { migrateDatabase } from '../server/src/regions/migrate.ts';
import type { EmbeddedPostgres } from '../server/src/regions/embedded/embedded-postgres.ts';

export const TEMPLATE_DATABASE = 'exhibit_template';

/**
 * Makes the databases that tests are cloned from, once per run. Leave no connection open to one of them:
 * CREATE DATABASE … TEMPLATE fails while anybody is connected to the template.
 */
export async function prepareTemplates(cluster: EmbeddedPostgres): Promise<void> {
  await cluster.ensureDatabase(TEMPLATE_DATABASE);
  await migrateDatabase(cluster.url(TEMPLATE_DATABASE), 'regional');
}
