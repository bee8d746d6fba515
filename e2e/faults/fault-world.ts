import { randomUUID } from 'node:crypto';
import { openPool } from '../../server/src/regions/connect.ts';
import { migrateDatabase } from '../../server/src/regions/migrate.ts';
import { openArtifactStore } from '../../server/src/storage/open-artifact-store.ts';
import { PERMISSIONS } from '../../server/src/tenancy/api-key.ts';
import { issueApiKey } from '../../server/src/tenancy/issue-api-key.ts';
import { sweepArtifacts } from '../../server/src/exports/sweep-artifacts.ts';
import { makeEvents } from '../../server/src/testing/make-events.ts';
import { type S3Server, startS3Server } from '../../server/src/testing/s3-server.ts';
import { silent } from '../../server/src/testing/test-region.ts';
import { ApiClient } from './api-client.ts';
import type { Evidence } from './checker/check-world.ts';
import { type DatabaseServer, startDatabaseServer } from './database-server.ts';
import { freePort } from './free-port.ts';
import { startIngest } from './ingest.ts';
import { ProgramPart } from './program-part.ts';

/** A whole installation that may be hurt: two apis, two workers, a PostgreSQL and an S3, events coming in all the time. */
export interface FaultWorld extends AsyncDisposable {
  readonly database: DatabaseServer;
  readonly s3: S3Server;
  readonly client: ApiClient;
  readonly apis: readonly ProgramPart[];
  readonly workers: readonly ProgramPart[];
  /** What the outside knows to have happened, for the checker. */
  readonly evidence: Evidence;
  /** The worker that sent this request to S3. */
  workerOf(authorization: string | undefined): ProgramPart;
  /** Deletes what nobody needs, at once; `checked` jobs count as expired. */
  sweep(checked: readonly string[]): Promise<void>;
}

/** @param events before any comes in; 24,000 are four parts in S3 for a plain JSONL of everything */
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
  const storeUrl = s3.storeUrl();
  const environment = {
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
  for (const part of [...apis, ...workers]) {
    stack.use(part);
    await part.start();
  }
  const client = new ApiClient(
    ports.map((port) => `http://127.0.0.1:${port}`),
    key,
  );
  const ingest = stack.use(startIngest(client, workspaceIds));
  const { hostname: bucket, searchParams } = new URL(storeUrl);
  const evidence: Evidence = {
    databaseUrl: database.url,
    companyId,
    bucketUrl: `${searchParams.get('endpoint')}/${bucket}`,
    prefix: 'artifacts/',
    acknowledgedEvents: ingest.acknowledged,
    jobs: new Map(),
  };
  const store = openArtifactStore(storeUrl);
  const owned = stack.move();
  return {
    database,
    s3,
    client,
    apis,
    workers,
    evidence,
    workerOf: (authorization) => {
      const worker = workers.find((_, at) => authorization?.includes(`=${names[at]}/`));
      if (worker === undefined) throw new Error('the request is not a worker’s');
      return worker;
    },
    sweep: async (checked) => {
      await owner.query(
        `UPDATE export_jobs SET artifact_expires_at = now() - interval '1 hour'
         WHERE job_id = ANY($1::uuid[]) AND status = 'succeeded'`,
        [checked],
      );
      const signal = new AbortController().signal;
      await sweepArtifacts({ pool: owner, store, log: silent }, { graceMs: 0, signal });
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
