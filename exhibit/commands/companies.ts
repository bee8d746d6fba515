import { listCompanies as readCompanies } from '@exhibit/dashboard/companies/list';
import { registerCompany } from '@exhibit/dashboard/companies/register';
import { type Config, DEFAULT_REGIONS } from '../../server/src/config.ts';
import { localUrl } from './addresses.ts';
import { withDatabases } from './databases.ts';
import { formatTable } from './format-table.ts';
import { print } from './print.ts';

/** A running dashboard tells the region every 5 seconds. */
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
  const made = await withDashboardDatabase(config, (databaseUrl) =>
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
    print(JSON.stringify(made));
    return;
  }
  const { id, region, state, invitation } = made;
  print(`company  ${id}`);
  print(
    state === 'ready'
      ? `region   ${region}, ready`
      : `region   ${region}, pending: a running dashboard tells it as soon as it answers`,
  );
  print(
    `\nInvitation for ${options.ownerEmail}, until ${invitation.expiresAt}:\n${invitation.url}`,
  );
  print('\nThis is the only time the link is shown; the same command again makes a new one.');
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

/** Only this one is needed: regions may be away, or known to another machine. */
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
