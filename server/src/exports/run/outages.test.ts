import { afterAll, beforeAll, expect, test } from 'vitest';
import { ArtifactStoreError, type ArtifactStore } from '../../storage/artifact-store.ts';
import { DiskGuard } from '../../storage/disk-guard.ts';
import {
  createTestExport,
  exportReaches,
  readExport,
  storedObjects,
} from '../../../../testing/export-job.ts';
import { gateStore } from '../../../../testing/storage/gated-store.ts';
import { makeEvents } from '../../../../testing/make-events.ts';
import {
  createTestRegion,
  type TestCompany,
  type TestRegion,
} from '../../../../testing/test-region.ts';
import { cancelExport } from '../request/cancel-export.ts';
import { exportJobJson } from '../export-job.ts';
import { startExportWorker } from './export-worker.ts';
import { runExport } from './run-export.ts';
import { patient } from '../../../../testing/patience.ts';

const never = new AbortController().signal;
const origin = { requestId: 'test', ip: '127.0.0.1', userAgent: null };
const actor = { type: 'api_key', id: 'test', label: 'test' } as const;
let region: TestRegion;
let company: TestCompany;

beforeAll(async () => {
  region = await createTestRegion();
  company = await region.company();
  const { id: companyId, workspaceIds } = company;
  await makeEvents(region.owner, { companyId, workspaceIds, rows: 500 });
});
afterAll(async () => {
  await region?.[Symbol.asyncDispose]();
});

const refused = () =>
  Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:9000'), { code: 'ECONNREFUSED' });
const unavailable = () =>
  Object.assign(new Error('Service Unavailable'), { $metadata: { httpStatusCode: 503 } });
const slow = () => Object.assign(new Error('no answer'), { name: 'TimeoutError' });

/** A store that is unavailable while `away()` returns an error. */
function sometimesAway(store: ArtifactStore, away: () => Error | undefined): ArtifactStore {
  const check = () => {
    const cause = away();
    if (cause !== undefined)
      throw new ArtifactStoreError('failed', `Cannot write: ${cause.message}`, { cause });
  };
  return {
    ...gateStore(store).store,
    write: async (key, source, options) => {
      check();
      return store.write(key, source, options);
    },
    delete: async (key, options) => {
      check();
      return store.delete(key, options);
    },
  };
}

test.each([
  ['refuses connections', refused],
  ['answers 503', unavailable],
  ['does not answer in time', slow],
])('a store that %s costs no attempt, and the job reports why it waits', async (_, cause) => {
  let error: Error | undefined = cause();
  const deps = await region.startedWorker();
  const store = sometimesAway(region.store, () => error);
  const job = await createTestExport(region, company);
  for (let failures = 1; failures <= 5; failures++) {
    await runExport({ ...deps, store }, job, never);
    expect(await readExport(region, job)).toMatchObject({
      status: 'pending',
      attempt: 0,
      retries: failures,
    });
  }
  const { waitingFor } = exportJobJson(await readExport(region, job));
  expect(waitingFor).toMatchObject({ code: 'STORE_UNAVAILABLE' });
  expect(waitingFor?.reason).toContain('artifact store cannot be reached');
  expect(Date.parse(waitingFor?.nextTryAt ?? '')).toBeGreaterThan(
    Date.parse(waitingFor?.since ?? ''),
  );
  error = undefined;
  await runExport({ ...deps, store }, job, never);
  const done = await readExport(region, job);
  expect(done).toMatchObject({ status: 'succeeded', attempt: 1, rowsExported: 500 });
  expect(exportJobJson(done).waitingFor).toBeNull();
});

test(
  'a worker resumes an export once its store is available again',
  async () => {
    let error: Error | undefined = refused();
    const deps = region.worker();
    const store = sometimesAway(region.store, () => error);
    const worker = await startExportWorker({ ...deps, store });
    const job = await createTestExport(region, company);
    await exportReaches(region, job, ({ retries }) => retries >= 2, 60_000);
    error = undefined;
    const done = await exportReaches(region, job, ({ status }) => status === 'succeeded', 60_000);
    expect(done).toMatchObject({ attempt: 1, rowsExported: 500 });
    await worker.stop();
  },
  patient(130_000),
);

test('an outage longer than the retry time fails the export with a reason after three more attempts', async () => {
  const deps = await region.startedWorker({ retrySeconds: 600 });
  const store = sometimesAway(region.store, refused);
  const job = await createTestExport(region, company);
  await runExport({ ...deps, store }, job, never);
  await region.owner.query(
    `UPDATE export_jobs SET retry_since = now() - interval '599 seconds' WHERE job_id = $1`,
    [job.jobId],
  );
  await runExport({ ...deps, store }, job, never);
  expect(await readExport(region, job)).toMatchObject({ status: 'pending', attempt: 0 });
  await region.owner.query(
    `UPDATE export_jobs SET retry_since = now() - interval '601 seconds' WHERE job_id = $1`,
    [job.jobId],
  );
  for (let attempt = 1; attempt <= 3; attempt++) await runExport({ ...deps, store }, job, never);
  expect(await readExport(region, job)).toMatchObject({
    status: 'failed',
    failureCode: 'STORE_FAILED',
    attempt: 3,
  });
});

test('an export whose store lacks a permission fails after three attempts, because that is not an outage', async () => {
  const deps = await region.startedWorker();
  const write = () =>
    Promise.reject(
      new ArtifactStoreError('refused', 'Cannot write: permission is missing', {
        cause: unavailable(),
      }),
    );
  const store = { ...gateStore(region.store).store, write };
  const job = await createTestExport(region, company);
  for (let attempt = 1; attempt <= 3; attempt++) await runExport({ ...deps, store }, job, never);
  expect(await readExport(region, job)).toMatchObject({
    status: 'failed',
    failureCode: 'STORE_REFUSED',
    attempt: 3,
  });
});

test('an export that waits for its store can be canceled immediately', async () => {
  const deps = await region.startedWorker();
  const job = await createTestExport(region, company);
  await runExport({ ...deps, store: sometimesAway(region.store, refused) }, job, never);
  const waiting = await readExport(region, job);
  const canceled = await cancelExport(region.api.pool, { job: waiting, actor, origin });
  expect(canceled.status).toBe('canceled');
  expect(exportJobJson(canceled).waitingFor).toBeNull();
  await runExport(deps, job, never);
  expect(await readExport(region, job)).toMatchObject({ status: 'canceled', artifactKey: null });
});

test('connections closed by the database cost no attempt', async () => {
  const job = await createTestExport(region, company);
  const gated = gateStore(region.store);
  const deps = { ...(await region.startedWorker({ sliceRows: 100 })), store: gated.store };
  const running = runExport(deps, job, never);
  await gated.reached;
  await region.owner.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()
       AND query LIKE '%COPY%'`,
  );
  gated.open();
  await running;
  const after = await readExport(region, job);
  // If the COPY has already ended, the export succeeds.
  expect(['pending', 'succeeded']).toContain(after.status);
  if (after.status === 'pending')
    expect(after).toMatchObject({ attempt: 0, waitCode: 'DATABASE_UNAVAILABLE' });
  if (after.status === 'pending') await runExport(deps, job, never);
  expect(await readExport(region, job)).toMatchObject({ status: 'succeeded', attempt: 1 });
});

test(
  'a job whose store accepts no data reports the start of the outage',
  async () => {
    const job = await createTestExport(region, company);
    const gated = gateStore(region.store);
    const deps = { ...(await region.startedWorker({ sliceRows: 100 })), store: gated.store };
    const running = runExport(deps, job, never);
    await gated.reached;
    const stalled = await exportReaches(region, job, ({ waitCode }) => waitCode !== null, 60_000);
    expect(stalled).toMatchObject({ status: 'running', waitCode: 'STORE_NOT_ANSWERING' });
    expect(stalled.waitSince?.getTime()).toBeLessThan(Date.now() - 5_000);
    gated.open();
    await running;
    const done = await readExport(region, job);
    expect(done.status).toBe('succeeded');
    expect(exportJobJson(done).waitingFor).toBeNull();
  },
  patient(90_000),
);

test(
  'a disk with too little free space pauses exports, which continue on their own',
  async () => {
    const low = new DiskGuard(['/'], Number.MAX_SAFE_INTEGER);
    const deps = await region.startedWorker();
    const waiting = await createTestExport(region, company);
    await runExport({ ...deps, disk: low }, waiting, never);
    expect(await readExport(region, waiting)).toMatchObject({
      status: 'pending',
      attempt: 0,
      waitCode: 'DISK_LOW',
    });
    // An export that fills the disk while it runs is parked, and its objects are deleted.
    const before = await storedObjects(region);
    let full = false;
    const disk = Object.assign(new DiskGuard([], 1), {
      findLowDisk: () => Promise.resolve(full ? { directory: '/', freeBytes: 0 } : undefined),
    });
    const running = await createTestExport(region, company);
    const gated = gateStore(region.store);
    const attempt = runExport({ ...deps, store: gated.store, disk }, running, never);
    await gated.reached;
    full = true;
    const parked = await exportReaches(region, running, ({ status }) => status === 'pending');
    gated.open();
    await attempt;
    expect(parked).toMatchObject({ attempt: 0, waitCode: 'DISK_LOW' });
    expect(await storedObjects(region)).toEqual(before);
    full = false;
    const worker = await startExportWorker({ ...region.worker(), disk });
    for (const job of [waiting, running])
      await exportReaches(region, job, ({ status }) => status === 'succeeded', 60_000);
    await worker.stop();
  },
  patient(130_000),
);
