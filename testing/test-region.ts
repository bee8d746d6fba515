import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type pg from 'pg';
import { pino } from 'pino';
import type { ApiRegion } from '../server/src/api/api-deps.ts';
import { EventIntake } from '../server/src/events/ingest/event-intake.ts';
import type { ExportDeps } from '../server/src/exports/export-deps.ts';
import { ReadSemaphore } from '../server/src/exports/read/read-semaphore.ts';
import { openPool } from '../server/src/regions/connect.ts';
import { migrateDatabase } from '../server/src/regions/migrate.ts';
import { openQueue } from '../server/src/regions/queue.ts';
import type { ArtifactStore } from '../server/src/storage/artifact-store.ts';
import { openArtifactStore } from '../server/src/storage/open-artifact-store.ts';
import { type Permission, PERMISSIONS } from '../server/src/tenancy/api-key.ts';
import { issueApiKey } from '../server/src/tenancy/issue-api-key.ts';
import { provisionCompany } from '../server/src/tenancy/sql/provision-company.ts';
import { createTestDatabase } from './test-database.ts';

/** A separate region for one test file: database, artifact directory, dependencies of api and worker. */
export interface TestRegion extends AsyncDisposable {
  readonly url: string;
  /** Bypasses row-level security. Use it for assertions, not for the code under test. */
  readonly owner: pg.Pool;
  readonly api: ApiRegion;
  readonly store: ArtifactStore;
  readonly storeUrl: string;
  /** Dependencies of a worker, for startExportWorker. Each call opens new connections. */
  worker(settings?: Partial<ExportDeps['settings']>): ExportDeps;
  /** Dependencies of a worker with a started queue, for running single attempts. */
  startedWorker(settings?: Partial<ExportDeps['settings']>): Promise<ExportDeps>;
  company(workspaceNames?: readonly string[]): Promise<TestCompany>;
  key(company: TestCompany, options?: KeyOptions): Promise<string>;
}

export interface TestCompany {
  readonly id: string;
  readonly workspaceIds: readonly [string, ...string[]];
}

interface KeyOptions {
  readonly workspaceId?: string;
  readonly permissions?: readonly Permission[];
  readonly expiresAt?: Date;
}

export const silent = pino({ level: 'silent' });

/** @param to the last migration to apply; default: all, which is faster */
export async function createTestRegion(name = 'us', to?: string): Promise<TestRegion> {
  const database = await createTestDatabase(to === undefined ? {} : { template: 'template1' });
  if (to !== undefined) await migrateDatabase(database.url, 'regional', { to });
  const directory = await mkdtemp(join(tmpdir(), 'exhibit-artifacts-'));
  const storeUrl = pathToFileURL(directory).href;
  const owner = openPool(database.url, { role: 'owner', max: 4 });
  const pool = openPool(database.url, { role: 'api', max: 10, pipeline: true });
  const reads = openPool(database.url, { role: 'api', max: 8 });
  const store = openArtifactStore(storeUrl);
  const queue = openQueue(database.url, 'api');
  queue.on('error', () => undefined);
  const api = { name, pool, reads, queue, store, intake: new EventIntake(pool) };
  const opened: ExportDeps[] = [];
  const worker = (settings?: Partial<ExportDeps['settings']>) => {
    const deps = openTestWorker(name, database.url, store, settings);
    opened.push(deps);
    return deps;
  };
  return {
    url: database.url,
    owner,
    api,
    store,
    storeUrl,
    worker,
    startedWorker: async (settings) => {
      const deps = worker(settings);
      deps.queue.on('error', () => undefined);
      await deps.queue.start();
      return deps;
    },
    company: async (workspaceNames = ['Production']) => {
      const workspaces = workspaceNames.map((workspace) => ({ id: randomUUID(), name: workspace }));
      const id = randomUUID();
      await provisionCompany(owner, { id, name: `Company ${id}`, workspaces });
      return {
        id,
        workspaceIds: workspaces.map((workspace) => workspace.id) as [string, ...string[]],
      };
    },
    key: async (company, { workspaceId, permissions = PERMISSIONS, expiresAt } = {}) => {
      const wanted = {
        companyId: company.id,
        name: 'test',
        workspaceId: workspaceId ?? null,
        permissions,
        expiresAt: expiresAt ?? null,
      };
      return (await issueApiKey(owner, name, wanted)).key;
    },
    [Symbol.asyncDispose]: async () => {
      await queue.stop({ graceful: false });
      for (const deps of opened) {
        await deps.queue.stop({ graceful: false });
        await deps.pool.end();
      }
      await Promise.all([owner.end(), pool.end(), reads.end()]);
      await database.drop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function openTestWorker(
  region: string,
  url: string,
  store: ArtifactStore,
  settings: Partial<ExportDeps['settings']> = {},
): ExportDeps {
  return {
    region,
    pool: openPool(url, { role: 'worker', max: 8 }),
    places: new ReadSemaphore(),
    store,
    queue: openQueue(url, 'worker'),
    log: silent,
    settings: {
      sliceRows: 10_000,
      artifactTtlDays: 30,
      concurrency: 2,
      maxRunningPerCompany: 2,
      ...settings,
    },
  };
}
