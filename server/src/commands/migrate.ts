import type { Config } from '../config.ts';
import { migrateDatabase, migrationStatus } from '../regions/migrate.ts';
import { type Databases, withDatabases } from './databases.ts';
import { formatTable } from './format-table.ts';
import { print } from './print.ts';

/** `exhibit migrate`: applies what is missing, region by region. */
export async function migrate(
  config: Config,
  options: { region?: string; to?: string },
): Promise<void> {
  await withDatabases(config, async (databases) => {
    for (const [region, url] of chosenRegions(databases, options.region)) {
      const applied = await migrateDatabase(
        url,
        'regional',
        options.to === undefined ? {} : { to: options.to },
      );
      if (applied.length === 0) print(`${region}: nothing to do`);
      for (const name of applied) print(`${region}: applied ${name}`);
    }
  });
}

/** `exhibit migrate status`: a row a migration, a column a region. */
export async function migrateStatus(
  config: Config,
  options: { region?: string; json?: boolean },
): Promise<void> {
  await withDatabases(config, async (databases) => {
    const regions = chosenRegions(databases, options.region);
    const statuses = await Promise.all(
      regions.map(async ([region, url]) => ({
        region,
        migrations: await migrationStatus(url, 'regional'),
      })),
    );
    if (options.json === true) {
      print(
        JSON.stringify(
          statuses.flatMap(({ region, migrations }) =>
            migrations.map(({ name, appliedAt }) => ({
              region,
              name,
              appliedAt: appliedAt ?? null,
            })),
          ),
        ),
      );
      return;
    }
    const names = statuses[0]?.migrations.map((migration) => migration.name) ?? [];
    const rows = names.map((name, index) => [
      name,
      ...statuses.map(({ migrations }) => migrations[index]?.appliedAt?.toISOString() ?? 'missing'),
    ]);
    print(formatTable(['migration', ...statuses.map(({ region }) => region)], rows));
  });
}

function chosenRegions({ regions }: Databases, region: string | undefined): [string, string][] {
  if (region === undefined) return [...regions];
  const url = regions.get(region);
  if (url === undefined)
    throw new Error(`There is no region "${region}"; there is ${[...regions.keys()].join(', ')}.`);
  return [[region, url]];
}
