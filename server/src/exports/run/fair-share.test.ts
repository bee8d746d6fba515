import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestExport, exportReaches, readExport } from '../../../../testing/export-job.ts';
import { gateStore } from '../../../../testing/storage/gated-store.ts';
import { makeEvents } from '../../../../testing/make-events.ts';
import {
  createTestRegion,
  type TestCompany,
  type TestRegion,
} from '../../../../testing/test-region.ts';
import { startWorkerProcess } from '../../../../testing/processes/worker-process.ts';
import type { ExportJob } from '../export-job.ts';
import { startExportWorker } from './export-worker.ts';
import { isTerminal } from '../../../../contract/export-state.ts';
import { recoverExports } from './recover-exports.ts';
import { runExport } from './run-export.ts';
import { startExport } from './start-export.ts';
import { patient } from '../../../../testing/patience.ts';

let region: TestRegion;
beforeAll(async () => {
  region = await createTestRegion();
});
afterAll(async () => {
  await region?.[Symbol.asyncDispose]();
});

async function companyWithEvents(rows: number): Promise<TestCompany> {
  const company = await region.company();
  const { id: companyId, workspaceIds } = company;
  await makeEvents(region.owner, { companyId, workspaceIds, rows });
  return company;
}

async function createJobs(company: TestCompany, count: number): Promise<ExportJob[]> {
  const jobs: ExportJob[] = [];
  for (let made = 0; made < count; made++) jobs.push(await createTestExport(region, company));
  return jobs;
}

async function queueEntries(company: TestCompany): Promise<number> {
  const { rows } = await region.owner.query<{ count: number }>(
    `SELECT count(*)::int FROM pgboss.job
     WHERE data ->> 'companyId' = $1::text AND state IN ('created', 'retry', 'active')`,
    [company.id],
  );
  return rows[0]?.count ?? 0;
}

const ended = ({ status }: ExportJob) => isTerminal(status);

test('guarantee 5: only two of thirty workers that start exports of one company at the same time succeed', async () => {
  const company = await region.company();
  const jobs = await createJobs(company, 10);
  const deps = [region.worker(), region.worker(), region.worker()];
  const starts = deps.flatMap((worker) => jobs.map((job) => startExport(worker, job)));
  const started = (await Promise.all(starts)).filter((job) => job !== undefined);
  expect(started).toHaveLength(2);
  const states = await Promise.all(jobs.map((job) => readExport(region, job)));
  expect(states.filter(({ status }) => status === 'running')).toHaveLength(2);
  // Waiting costs no attempt.
  expect(states.map(({ attempt }) => attempt).sort((a, b) => a - b)).toEqual([
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1,
  ]);
});

test('a backlog of one company has at most as many queue entries as the company has slots', async () => {
  const company = await region.company();
  await createJobs(company, 6);
  expect(await queueEntries(company)).toBe(2);
});

test('a waiting export is not modified and starts promptly when a slot becomes free', async () => {
  const company = await companyWithEvents(200);
  const gated = gateStore(region.store);
  const deps = {
    ...region.worker({ maxRunningPerCompany: 1, concurrency: 4 }),
    store: gated.store,
  };
  const worker = await startExportWorker(deps);
  try {
    const jobs = await createJobs(company, 4);
    await gated.reached;
    // Every entry was taken, and all slots were occupied.
    await expect.poll(() => queueEntries(company), { timeout: patient(10_000) }).toBe(1);
    const states = await Promise.all(jobs.map((job) => readExport(region, job)));
    // Four workers take entries concurrently, so the order of the jobs is not guaranteed.
    const first = jobs.find((_, index) => states[index]?.status === 'running');
    if (first === undefined) throw new Error('none of them runs');
    const others = jobs.filter((job) => job !== first);
    for (const job of others)
      expect(await readExport(region, job)).toMatchObject({ status: 'pending', attempt: 0 });
    gated.open();
    await exportReaches(region, first, ended);
    const freeAt = performance.now();
    for (const job of others)
      expect(await exportReaches(region, job, ended)).toMatchObject({
        status: 'succeeded',
        attempt: 1,
      });
    // Three more exports run one after the other without waiting for a poll or a recovery.
    expect(performance.now() - freeAt).toBeLessThan(patient(4_500));
  } finally {
    await worker.stop();
  }
});

test('recovery dispatches a waiting export whose worker died before dispatching it', async () => {
  const company = await companyWithEvents(10);
  const deps = await region.startedWorker({ maxRunningPerCompany: 1 });
  const [first, second] = await createJobs(company, 2);
  if (first === undefined || second === undefined) throw new Error('no jobs');
  await startExport(deps, first);
  await startExport(deps, second);
  await region.owner.query(`DELETE FROM pgboss.job WHERE data ->> 'companyId' = $1`, [company.id]);
  await recoverExports(deps);
  expect(await queueEntries(company), 'no slot is free').toBe(0);
  await region.owner.query(
    `UPDATE export_jobs SET status = 'canceled', lease_expires_at = NULL WHERE job_id = $1`,
    [first.jobId],
  );
  await recoverExports(deps);
  expect(await queueEntries(company)).toBe(1);
  await recoverExports(deps);
  expect(await queueEntries(company), 'woken once').toBe(1);
});

test(
  'guarantee 5: with fifty companies and a backlog of one, four worker processes never run more than two jobs of a company, and no company starves',
  async () => {
    const busy = await companyWithEvents(3_000);
    const others: TestCompany[] = [];
    while (others.length < 49) others.push(await companyWithEvents(300));
    const backlog = await createJobs(busy, 60);
    const jobs: ExportJob[] = [];
    for (const company of others) jobs.push(...(await createJobs(company, 3)));
    const environment = {
      REGION_DATABASE_URLS: `us=${region.url}`,
      ARTIFACT_STORES: `us=${region.storeUrl}`,
      LOG_LEVEL: 'silent',
    };
    const watching = new AbortController();
    const watched = watchRunning(watching.signal);
    const workers = await Promise.all([1, 2, 3, 4].map(() => startWorkerProcess(environment)));
    try {
      for (const job of [...jobs, ...backlog])
        expect(await exportReaches(region, job, ended, 90_000)).toMatchObject({
          status: 'succeeded',
          attempt: 1,
        });
    } finally {
      watching.abort();
      await Promise.all(workers.map((worker) => worker[Symbol.asyncDispose]()));
    }
    const { looks, maxPerCaller, maxConcurrent } = await watched;
    expect(maxPerCaller).toBe(2);
    expect(maxConcurrent, 'they did run side by side').toBeGreaterThan(3);
    expect(looks).toBeGreaterThan(100);
    const finishedAt = async (list: readonly ExportJob[]) => {
      const ended = await Promise.all(list.map((job) => readExport(region, job)));
      return ended.map((job) => job.finishedAt?.getTime() ?? Infinity).sort((a, b) => a - b);
    };
    // Two jobs of each company run at a time, so when the others have finished half of theirs, no company has
    // finished all.
    const [othersEnds, backlogEnds] = [await finishedAt(jobs), await finishedAt(backlog)];
    const middle = othersEnds[Math.floor(othersEnds.length / 2)] ?? Infinity;
    expect(
      backlogEnds.filter((at) => at <= middle).length,
      'the backlog was not run first',
    ).toBeLessThan(backlogEnds.length / 2);
    expect(othersEnds.at(-1), 'the others did not wait for the backlog').toBeLessThan(
      backlogEnds.at(-1) ?? 0,
    );
  },
  patient(180_000),
);

/** Observes the running jobs, each time in one snapshot, until stopped. */
async function watchRunning(signal: AbortSignal) {
  let [looks, maxPerCaller, maxConcurrent] = [0, 0, 0];
  while (!signal.aborted) {
    const { rows } = await region.owner.query<{ max: number; all: number }>(
      `SELECT coalesce(max(count), 0)::int AS max, coalesce(sum(count), 0)::int AS all
       FROM (SELECT count(*) FROM export_jobs WHERE status = 'running' GROUP BY company_id) c`,
    );
    looks++;
    maxPerCaller = Math.max(maxPerCaller, rows[0]?.max ?? 0);
    maxConcurrent = Math.max(maxConcurrent, rows[0]?.all ?? 0);
    await wait(5);
  }
  return { looks, maxPerCaller, maxConcurrent };
}

test('a region without the migration runs exports without a limit', async () => {
  await using old = await createTestRegion('us', '20260514120000');
  const company = await old.company();
  const [deps] = [await old.startedWorker()];
  const jobs = [];
  for (let made = 0; made < 3; made++) jobs.push(await createTestExport(old, company));
  for (const job of jobs) expect(await startExport(deps, job)).toMatchObject({ attempt: 1 });
  const fourth = await createTestExport(old, company);
  await runExport(deps, fourth, new AbortController().signal);
  expect(await readExport(old, fourth)).toMatchObject({ status: 'succeeded' });
  await recoverExports(deps);
});
