import { formatTable } from '@exhibit/client/cli/format-table';
import { listCompanies as readCompanies } from '@exhibit/dashboard/companies/list';
import { registerCompany } from '@exhibit/dashboard/companies/register';
import { type Config, DEFAULT_REGIONS } from '../../server/src/config.ts';
import { localUrl } from './addresses.ts';
import { withDatabases } from './databases.ts';
import { print } from './print.ts';

/** A running dashboard retries the set-up in the region every 5 seconds. */
const WAIT_MS = 8_000;

interface CreateOptions {
  readonly name: string;
  readonly region: string;
  readonly ownerEmail: string;
  readonly workspace?: readonly string[];
  readonly json?: boolean;
}

/** `exhibit companies create` */
export async function createCompany(config: Config, options: CreateOptions): Promise<void> {
  const { host, port, publicUrl } = config.dashboard;
  const regions = [...config.regionDatabaseUrls.keys()];
  const created = await withDashboardDatabase(config, (databaseUrl) =>
    registerCompany(
      {
        databaseUrl,
        publicUrl: (publicUrl ?? localUrl(host, port)).replace(/\/$/, ''),
        regions: regions.length > 0 ? regions : DEFAULT_REGIONS,
        waitMs: WAIT_MS,
      },
      { ...options, workspaces: options.workspace ?? ['Production'] },
    ),
  );
  if (options.json === true) {
    print(JSON.stringify(created));
    return;
  }
  const { id, region, state, invitation } = created;
  print(`company  ${id}`);
  print(
    state === 'ready'
      ? `region   ${region}, ready`
      : `region   ${region}, pending: a running dashboard completes the set-up when the region responds`,
  );
  print(
    `\nInvitation for ${options.ownerEmail}, until ${invitation.expiresAt}:\n${invitation.url}`,
  );
  print('\nThe link is shown only once. Run the same command again to create a new one.');
}

/** `exhibit companies list` */
export async function listCompanies(config: Config, options: { json?: boolean }): Promise<void> {
  const companies = await withDashboardDatabase(config, readCompanies);
  if (options.json === true) {
    print(JSON.stringify(companies));
    return;
  }
  const rows = companies.map(({ id, name, region, state, workspaces, members }) => [
    id,
    name,
    region,
    state,
    String(workspaces),
    String(members),
  ]);
  print(formatTable(['id', 'name', 'region', 'state', 'workspaces', 'members'], rows));
}

/** Opens only the dashboard database, because regions may be unreachable or configured on another machine only. */
async function withDashboardDatabase<Result>(
  config: Config,
  work: (databaseUrl: string) => Promise<Result>,
): Promise<Result> {
  if (config.dashboardDatabaseUrl !== undefined) return work(config.dashboardDatabaseUrl);
  return withDatabases(config, ({ dashboard }) => {
    if (dashboard === undefined)
      throw new Error('No dashboard database: set DASHBOARD_DATABASE_URL.');
    return work(dashboard);
  });
}
