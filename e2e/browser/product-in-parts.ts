import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createDemoAccounts } from '@exhibit/dashboard/demo';
import type pg from 'pg';
import { ensureDashboardKeys } from '../../exhibit/commands/dashboard-keys.ts';
import { DEMO_ACCOUNTS } from '../../exhibit/demo/demo-accounts.ts';
import { DEMO_COMPANIES } from '../../exhibit/demo/demo-companies.ts';
import { openPool } from '../../server/src/regions/connect.ts';
import { startEmbeddedPostgres } from '../../server/src/regions/embedded/embedded-postgres.ts';
import { migrateDatabase } from '../../server/src/regions/migrate.ts';
import { PERMISSIONS } from '../../server/src/tenancy/api-key.ts';
import { issueApiKey } from '../../server/src/tenancy/issue-api-key.ts';
import { provisionCompany } from '../../server/src/tenancy/sql/provision-company.ts';
import { startExhibitProcess } from '../../testing/processes/exhibit-process.ts';
import { makeEvents } from '../../testing/make-events.ts';
import { type S3Server, startS3Server } from '../../testing/storage/s3-server.ts';
import { freePort } from '../faults/free-port.ts';
import { ProgramPart } from '../faults/program-part.ts';
import type { DemoFile } from '../start-exhibit.ts';
import { storeLargeExport } from './store-large-export.ts';
import { describeProduct, type Product } from './product.ts';

/** The version before the first of the two migrations that a region may lack. */
const BEFORE_SAVED_VIEWS = '20260216115959';
/** A plain JSONL of all of them has eight parts in S3, more than are sent in parallel, so tests can pause it. */
export const ACME_EVENTS = 60_000;

/**
 * A product whose processes can be stopped individually, for failures that would break the tests that share a product.
 * It has the people of the demo. Acme is in `us`, whose store is an S3 server with fault injection. Globex is in `eu`,
 * which lacks the migrations for saved views and templates, has no events and stores files in a directory.
 */
export interface ProductInParts extends AsyncDisposable {
  readonly product: Product;
  readonly api: ProgramPart;
  readonly worker: ProgramPart;
  readonly s3: S3Server;
  /** A superuser connection to region `us`, for changes that otherwise take time, such as a file that expires. */
  readonly us: pg.Pool;
  /** Runs the remaining migrations of `eu`, as an operator does. */
  migrateEu(): Promise<unknown>;
  /** Stores a finished JSONL export of Globex with a thousand bytes per row and returns the ID of its job. */
  storeLargeExport(rows: number): Promise<string>;
  /** Environment for `exhibit` commands and other processes that belong to this product. */
  readonly environment: Readonly<Record<string, string>>;
}

export async function startProductInParts(): Promise<ProductInParts> {
  await using stack = new AsyncDisposableStack();
  const home = await mkdtemp(join(tmpdir(), 'exhibit-parts-'));
  stack.defer(() => rm(home, { recursive: true, force: true }));
  const postgres = await startEmbeddedPostgres({ directory: home, durability: 'fast' });
  stack.defer(() => postgres.stop());
  const databases = ['exhibit_us', 'exhibit_eu', 'exhibit_dashboard'] as const;
  for (const name of databases) await postgres.ensureDatabase(name);
  const [usUrl = '', euUrl = '', dashboardDatabase = ''] = databases.map((name) =>
    postgres.url(name),
  );
  await Promise.all([
    migrateDatabase(usUrl, 'regional'),
    migrateDatabase(euUrl, 'regional', { to: BEFORE_SAVED_VIEWS }),
    migrateDatabase(dashboardDatabase, 'dashboard'),
  ]);
  const us = openPool(usUrl, { role: 'owner', max: 2 });
  stack.defer(() => us.end());
  const companies = await seed({ us: usUrl, eu: euUrl }, dashboardDatabase);

  const s3 = stack.use(await startS3Server());
  const port = await freePort();
  const environment = {
    EXHIBIT_HOME: home,
    DASHBOARD_TOKEN_KEYS: await ensureDashboardKeys(home),
    API_PORT: String(port),
    API_URL: `http://127.0.0.1:${port}`,
    API_DRAIN_SECONDS: '0',
    DASHBOARD_DRAIN_SECONDS: '0',
    DASHBOARD_DATABASE_URL: dashboardDatabase,
    REGION_DATABASE_URLS: `us=${usUrl},eu=${euUrl}`,
    ARTIFACT_STORES: `us=${s3.storeUrl()},eu=${pathToFileURL(join(home, 'eu')).href}`,
    EXPORT_SLICE_ROWS: '2000',
    // The processes log the failures that the tests cause.
    LOG_LEVEL: process.env['PARTS_LOG_LEVEL'] ?? 'silent',
  };
  const api = stack.use(new ProgramPart('api', environment));
  const worker = stack.use(new ProgramPart('worker', environment));
  await Promise.all([api.start(), worker.start()]);
  const dashboard = stack.use(
    await startExhibitProcess('dashboard', { ...environment, DASHBOARD_PORT: '0' }),
  );
  const demo: DemoFile = {
    apiUrl: environment.API_URL,
    dashboardUrl: dashboard.ready,
    companies,
    users: DEMO_ACCOUNTS,
  };
  const product = await describeProduct({ home, demo, url: dashboard.ready });
  const owned = stack.move();
  return {
    product,
    api,
    worker,
    s3,
    us,
    migrateEu: () => migrateDatabase(euUrl, 'regional'),
    storeLargeExport: (rows) => {
      const { id: companyId = '', workspaces = [] } = companies.at(-1) ?? {};
      const [{ id: workspaceId } = { id: '' }] = workspaces;
      const directory = join(home, 'eu');
      return storeLargeExport({ databaseUrl: euUrl, directory, companyId, workspaceId, rows });
    },
    environment,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function seed(
  urls: Readonly<Record<string, string>>,
  dashboardDatabase: string,
): Promise<DemoFile['companies']> {
  const companies = [];
  for (const { share: _share, ...company } of DEMO_COMPANIES) {
    const owner = openPool(urls[company.region] ?? '', { role: 'owner', max: 1 });
    const { id: companyId, workspaces } = company;
    if (company.region === 'us') {
      const workspaceIds = workspaces.map(({ id }) => id);
      await makeEvents(owner, { companyId, workspaceIds, rows: ACME_EVENTS });
    }
    await provisionCompany(owner, company);
    const wanted = { name: 'Nightly job', workspaceId: null, permissions: PERMISSIONS };
    const { key } = await issueApiKey(owner, company.region, {
      ...wanted,
      companyId,
      expiresAt: null,
    });
    companies.push({ ...company, apiKeys: { company: key, workspaces: {} } });
    await owner.end();
  }
  await createDemoAccounts(dashboardDatabase, DEMO_COMPANIES, DEMO_ACCOUNTS);
  return companies;
}
