import { formatTable } from '@exhibit/client/cli/format-table';
import type { Config } from '../../server/src/config.ts';
import {
  migrateDatabase,
  type MigrationSet,
  migrationStatus,
} from '../../server/src/regions/migrate.ts';
import { type Databases, withDatabases } from './databases.ts';
import { print } from './print.ts';

/** `exhibit migrate`: applies pending migrations to each region in turn, then to the dashboard database. */
export async function migrate(
  config: Config,
  options: { region?: string; to?: string; json?: boolean },
): Promise<void> {
  const done: { region: string; applied: readonly string[] }[] = [];
  await withDatabases(config, async (databases) => {
    for (const { name, url, set } of chosenTargets(databases, options.region)) {
      const to =
        set === 'regional' || options.region !== undefined
          ? options.to
          : dashboardTarget(options.to);
      const applied = await migrateDatabase(url, set, to === undefined ? {} : { to });
      done.push({ region: name, applied });
      if (options.json === true) continue;
      if (applied.length === 0) print(`${name}: up to date`);
      for (const migration of applied) print(`${name}: applied ${migration}`);
    }
  });
  if (options.json === true) print(JSON.stringify(done));
}

/** `exhibit migrate status`: one row per migration, one column per database; `-` if it does not apply to that database. */
export async function migrateStatus(
  config: Config,
  options: { region?: string; json?: boolean },
): Promise<void> {
  await withDatabases(config, async (databases) => {
    const targets = chosenTargets(databases, options.region);
    const statuses = await Promise.all(
      targets.map(async ({ name, url, set }) => ({
        region: name,
        migrations: await migrationStatus(url, set),
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
    const names = new Set(statuses.flatMap(({ migrations }) => migrations.map(({ name }) => name)));
    const rows = [...names].map((name) => [
      name,
      ...statuses.map(({ migrations }) => {
        const known = migrations.find((migration) => migration.name === name);
        return known === undefined ? '-' : (known.appliedAt?.toISOString() ?? 'missing');
      }),
    ]);
    print(formatTable(['migration', ...statuses.map(({ region }) => region)], rows));
  });
}

interface Target {
  /** The region, or `dashboard`. */
  readonly name: string;
  readonly url: string;
  readonly set: MigrationSet;
}

/** All databases, or the one given by `--region`; `dashboard` selects the dashboard database. */
function chosenTargets({ regions, dashboard }: Databases, wanted: string | undefined): Target[] {
  const all: Target[] = [...regions].map(([name, url]) => ({ name, url, set: 'regional' }));
  if (dashboard !== undefined) all.push({ name: 'dashboard', url: dashboard, set: 'dashboard' });
  const chosen = all.filter(({ name }) => wanted === undefined || name === wanted);
  if (chosen.length > 0) return chosen;
  throw new Error(
    `Unknown region "${wanted ?? ''}". Known regions: ${all.map(({ name }) => name).join(', ')}.`,
  );
}

/** Without `--region`, `--to` names a regional migration. Its timestamp selects the same point in the dashboard's. */
function dashboardTarget(to: string | undefined): string | undefined {
  return to === undefined ? undefined : (/^\d{14}/.exec(to)?.[0] ?? to);
}
