import { createDemoAccounts } from '@exhibit/dashboard/demo';
import { ensureDashboardKeys } from '../../exhibit/commands/dashboard-keys.ts';
import { migrateDatabase } from '../../server/src/regions/migrate.ts';
import { startExhibitProcess } from '../../testing/processes/exhibit-process.ts';
import { makeEvents } from '../../testing/make-events.ts';
import type { BenchRegion } from './bench-region.ts';

const COMPANY = {
  id: '0198c1de-0000-7000-8000-0000000000e1',
  name: 'Bench',
  region: 'us',
  workspaces: ['e2', 'e3', 'e4'].map((end) => ({
    id: `0198c1de-0000-7000-8000-0000000000${end}`,
    name: `Bench ${end}`,
  })),
};
const OWNER = { email: 'owner@bench.test', password: 'a bench of its own' };

/** Starts an api and a dashboard for a company with `rows` events. */
export interface WebAppTarget extends AsyncDisposable {
  readonly url: string;
  readonly logIn: typeof OWNER;
}

export async function openWebAppTarget(region: BenchRegion, rows: number): Promise<WebAppTarget> {
  await region.postgres.ensureDatabase('exhibit_dashboard');
  const dashboardDatabase = region.postgres.url('exhibit_dashboard');
  await migrateDatabase(dashboardDatabase, 'dashboard');
  const account = { ...OWNER, name: 'Owner', role: 'OWNER' as const, workspaceIds: [] };
  await createDemoAccounts(dashboardDatabase, [COMPANY], [{ ...account, companyId: COMPANY.id }]);
  await makeEvents(region.owner, {
    companyId: COMPANY.id,
    workspaceIds: COMPANY.workspaces.map(({ id }) => id),
    rows,
  });
  const shared = { DASHBOARD_TOKEN_KEYS: await ensureDashboardKeys(region.directory) };
  const api = await startExhibitProcess('api', {
    ...shared,
    API_PORT: '0',
    REGION_DATABASE_URLS: `us=${region.url}`,
  });
  const dashboard = await startExhibitProcess('dashboard', {
    ...shared,
    API_URL: api.ready,
    DASHBOARD_PORT: '0',
    DASHBOARD_DATABASE_URL: dashboardDatabase,
    REGION_DATABASE_URLS: `us=${region.url}`,
  });
  return {
    url: dashboard.ready,
    logIn: OWNER,
    [Symbol.asyncDispose]: async () => {
      await dashboard[Symbol.asyncDispose]();
      await api[Symbol.asyncDispose]();
    },
  };
}
