import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { createDemoAccounts } from '../../dashboard/bff/demo/create-demo-accounts.ts';
import { openPool } from '../../server/src/regions/connect.ts';
import { migrateDatabase } from '../../server/src/regions/migrate.ts';
import { openArtifactStore } from '../../server/src/storage/open-artifact-store.ts';
import { PERMISSIONS } from '../../server/src/tenancy/api-key.ts';
import { issueApiKey } from '../../server/src/tenancy/issue-api-key.ts';
import { sweepArtifacts } from '../../server/src/exports/artifact/sweep-artifacts.ts';
import { makeEvents } from '../../testing/make-events.ts';
import { type S3Server, startS3Server } from '../../testing/storage/s3-server.ts';
import { silent } from '../../testing/test-region.ts';
import { ApiClient } from './api-client.ts';
import type { Evidence } from './checker/evidence.ts';
import { DashboardClient } from './dashboard-client.ts';
import { type DatabaseServer, startDatabaseServer } from './database-server.ts';
import { freePort } from './free-port.ts';
import { startIngest } from './ingest.ts';
import { type Link, startLink } from './inject/link.ts';
import { ProgramPart } from './program-part.ts';

/** Shorter than the product's default, so that runs include calls that time out and are repeated. */
export const STORE_TIMEOUT_SECONDS = 3;

/** A complete installation for fault injection: two apis, two workers, two dashboards, PostgreSQL, S3 and constant ingest. */
export interface FaultWorld extends AsyncDisposable {
  readonly database: DatabaseServer;
  readonly s3: S3Server;
  readonly client: ApiClient;
  readonly apis: readonly ProgramPart[];
  readonly workers: readonly ProgramPart[];
  readonly dashboards: readonly ProgramPart[];
  /** The network between the dashboards and the apis. */
  readonly link: Link;
  /** The owner of the company, who uses the dashboard. */
  readonly person: DashboardClient;
  /** The expected state as seen from outside, for the checker. */
  readonly evidence: Evidence;
  /** Returns the worker that sent this request to S3. */
  workerOf(authorization: string | undefined): ProgramPart;
  /** Runs the sweep immediately. Jobs in `checked` are treated as expired. */
  sweep(checked: readonly string[], graceMs?: number): Promise<void>;
}

/** @param events number of initial events; with 24,000, a plain JSONL of all of them has four parts in S3 */
export async function startFaultWorld(events = 24_000): Promise<FaultWorld> {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await startDatabaseServer('exhibit_us'));
  await migrateDatabase(database.url, 'regional');
  const owner = openPool(database.url, { role: 'owner', max: 2 });
  stack.defer(() => owner.end());
  const companyId = randomUUID();
  const workspaceIds = [randomUUID(), randomUUID()];
  await makeEvents(owner, { companyId, workspaceIds, rows: events });
  const wanted = { companyId, name: 'faults', workspaceId: null, permissions: PERMISSIONS };
  const { key } = await issueApiKey(owner, 'us', { ...wanted, expiresAt: null });

  const s3 = stack.use(await startS3Server());
  const storeUrl = `${s3.storeUrl()}&timeout=${STORE_TIMEOUT_SECONDS}`;
  const keyPair = generateKeyPairSync('ed25519');
  const tokenKeys = (half: 'privateKey' | 'publicKey') =>
    JSON.stringify({ keys: [{ ...keyPair[half].export({ format: 'jwk' }), kid: 'faults' }] });
  const environment = {
    DASHBOARD_TOKEN_KEYS: tokenKeys('publicKey'),
    REGION_DATABASE_URLS: `us=${database.url}`,
    ARTIFACT_STORES: `us=${storeUrl}`,
    AWS_SECRET_ACCESS_KEY: 'test',
    EXPORT_SLICE_ROWS: '2000',
    LOG_LEVEL: process.env['FAULTS_LOG_LEVEL'] ?? 'silent',
  };
  const ports = [await freePort(), await freePort()];
  const apis = ports.map(
    (port) =>
      new ProgramPart('api', {
        ...environment,
        API_PORT: String(port),
        AWS_ACCESS_KEY_ID: `api-${port}`,
      }),
  );
  const names = ['worker-0', 'worker-1'];
  const workers = names.map(
    (name) => new ProgramPart('worker', { ...environment, AWS_ACCESS_KEY_ID: name }),
  );
  const link = stack.use(await startLink(ports));
  const account = await makeAccount(database.dashboardUrl, companyId, workspaceIds);
  const dashboardPorts = [await freePort(), await freePort()];
  const dashboards = dashboardPorts.map((port) => {
    const options = {
      host: '127.0.0.1',
      port,
      apiUrl: link.url,
      databaseUrl: database.dashboardUrl,
      tokenKeys: tokenKeys('privateKey'),
      regions: ['us'],
      maxDownloadBytes: 1_000_000_000,
      logLevel: environment.LOG_LEVEL,
    };
    return new ProgramPart('dashboard', { DASHBOARD_OPTIONS: JSON.stringify(options) });
  });
  const parts = [...apis, ...workers, ...dashboards];
  for (const part of parts) stack.use(part);
  await Promise.all(parts.map((part) => part.start()));
  const client = new ApiClient(
    ports.map((port) => `http://127.0.0.1:${port}`),
    key,
  );
  const person = new DashboardClient(
    dashboardPorts.map((port) => `http://127.0.0.1:${port}`),
    account,
  );
  await person.signIn();
  const ingest = stack.use(startIngest(client, workspaceIds));
  const { hostname: bucket, searchParams } = new URL(storeUrl);
  const evidence: Evidence = {
    databaseUrl: database.url,
    dashboardDatabaseUrl: database.dashboardUrl,
    companyId,
    bucketUrl: `${searchParams.get('endpoint')}/${bucket}`,
    prefix: 'artifacts/',
    acknowledgedEvents: ingest.acknowledged,
    jobs: new Map(),
    calls: person.calls,
  };
  const store = openArtifactStore(storeUrl);
  const owned = stack.move();
  return {
    database,
    s3,
    client,
    apis,
    workers,
    dashboards,
    link,
    person,
    evidence,
    workerOf: (authorization) => {
      const worker = workers.find((_, at) => authorization?.includes(`=${names[at]}/`));
      if (worker === undefined) throw new Error('the request was not sent by a worker');
      return worker;
    },
    sweep: async (checked, graceMs = 0) => {
      await owner.query(
        `UPDATE export_jobs SET artifact_expires_at = now() - interval '1 hour'
         WHERE job_id = ANY($1::uuid[]) AND status = 'succeeded'`,
        [checked],
      );
      const signal = new AbortController().signal;
      await sweepArtifacts({ pool: owner, store, log: silent }, { graceMs, signal });
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Creates the company and its owner, who can sign in, in the dashboard's database. */
async function makeAccount(databaseUrl: string, companyId: string, workspaceIds: string[]) {
  await migrateDatabase(databaseUrl, 'dashboard');
  const account = { email: 'owner@faults.test', password: randomUUID() };
  const workspaces = workspaceIds.map((id) => ({ id, name: 'Generated' }));
  const company = { id: companyId, name: 'faults', region: 'us', workspaces };
  const owner = { ...account, name: 'Owner', role: 'OWNER', companyId, workspaceIds: [] } as const;
  await createDemoAccounts(databaseUrl, [company], [owner]);
  return account;
}
