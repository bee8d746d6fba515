import { afterAll, beforeAll, expect, test } from 'vitest';
import { exportReaches, createTestExport, readExport } from '../../../../testing/export-job.ts';
import { makeEvents } from '../../../../testing/make-events.ts';
import {
  createTestRegion,
  type TestCompany,
  type TestRegion,
} from '../../../../testing/test-region.ts';
import type { ExportJob } from '../export-job.ts';
import { startExportWorker } from './export-worker.ts';
import { runExport } from './run-export.ts';
import { dispatchWaitingExports } from '../wait/dispatch-waiting-exports.ts';
import { patient } from '../../../../testing/patience.ts';

const never = new AbortController().signal;
let region: TestRegion;
let company: TestCompany;

beforeAll(async () => {
  region = await createTestRegion();
  company = await region.company();
  const { id: companyId, workspaceIds } = company;
  await makeEvents(region.owner, { companyId, workspaceIds, rows: 50 });
});
afterAll(async () => {
  await region?.[Symbol.asyncDispose]();
});

/** A pending job as a newer version would store it. */
async function newerJob(filters: unknown, minWorkerVersion = 0): Promise<ExportJob> {
  const job = await createTestExport(region, company);
  await region.owner.query(
    'UPDATE export_jobs SET filters = $2, min_worker_version = $3 WHERE job_id = $1',
    [job.jobId, JSON.stringify(filters), minWorkerVersion],
  );
  return job;
}

const UNKNOWN: readonly (readonly [string, unknown, string])[] = [
  [
    'a version it does not know',
    { version: 2, categories: ['auth'], excludeActions: ['login.succeeded'] },
    'filters.excludeActions',
  ],
  ['a field it does not know', { version: 1, excludeActions: ['x'] }, 'filters.excludeActions'],
  [
    'a metadata operator it does not know',
    { version: 1, metadata: [{ path: 'a', op: 'gt', value: 1 }] },
    'filters.metadata.0.op',
  ],
  [
    'a metadata option it does not know',
    { version: 1, metadata: [{ path: 'a', op: 'eq', value: 'x', not: true }] },
    'filters.metadata.0.not',
  ],
  ['a list that is none', { version: 1, actions: { not: ['x'] } }, 'filters.actions'],
  ['no version', { categories: ['auth'] }, 'filters.version'],
];

test.each(UNKNOWN)(
  'a worker hands back a job whose filters have %s without spending an attempt',
  async (_, filters, part) => {
    const job = await newerJob(filters);
    const deps = await region.startedWorker();
    await runExport(deps, job, never);
    const held = await readExport(region, job);
    expect(held).toMatchObject({
      status: 'pending',
      attempt: 0,
      rowsExported: 0,
      waitCode: 'NEEDS_NEWER_WORKER',
    });
    expect(held.waitDetail).toContain(part);
    expect(held.nextTryAt?.getTime()).toBeGreaterThan(Date.now());
  },
);

test('a job that waits for a newer worker takes no slot and is not retried constantly', async () => {
  const other = await region.company();
  const jobs = [];
  for (let made = 0; made < 3; made++) {
    const job = await createTestExport(region, other);
    await region.owner.query('UPDATE export_jobs SET min_worker_version = 99 WHERE job_id = $1', [
      job.jobId,
    ]);
    jobs.push(job);
  }
  const deps = await region.startedWorker();
  for (const job of jobs) await runExport(deps, job, never);
  await dispatchWaitingExports(deps, other.id);
  for (const job of jobs) {
    const { rows } = await region.owner.query(
      'SELECT woken_at FROM export_jobs WHERE job_id = $1',
      [job.jobId],
    );
    expect(rows).toEqual([{ woken_at: null }]);
  }
  const possible = await createTestExport(region, other);
  await runExport(deps, possible, never);
  expect(await readExport(region, possible)).toMatchObject({ status: 'succeeded', attempt: 1 });
});

test(
  'during a rolling upgrade an old worker leaves a newer job to a newer worker, which finishes it at attempt 1',
  async () => {
    const old = await startExportWorker(region.worker());
    const job = await newerJob({ version: 1, categories: ['auth'] }, 2);
    const held = await exportReaches(region, job, ({ waitCode }) => waitCode !== null);
    expect(held).toMatchObject({ status: 'pending', attempt: 0, waitCode: 'NEEDS_NEWER_WORKER' });
    const newer = await startExportWorker(region.worker({ workerVersion: 2 }));
    const done = await exportReaches(region, job, ({ status }) => status === 'succeeded', 120_000);
    expect(done).toMatchObject({ attempt: 1, waitCode: null });
    const { rows } = await region.owner.query('SELECT version FROM workers ORDER BY version');
    expect(rows).toEqual([{ version: 1 }, { version: 2 }]);
    await old.stop();
    await newer.stop();
  },
  patient(150_000),
);
