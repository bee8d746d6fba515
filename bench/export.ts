import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BenchResult } from './bench.ts';
import { type BenchRegion, createBenchRegion } from './bench-region.ts';
import { makeEvents } from '../server/src/testing/make-events.ts';
import { openJobs } from './export-jobs.ts';
import { median } from './median.ts';
import { startWorkerProcess, type WorkerProcess } from '../server/src/testing/worker-process.ts';

const COMPANY = '0198c1de-0000-7000-8000-000000000001';
const WORKSPACES = ['a1', 'a2', 'a3'].map((end) => `0198c1de-0000-7000-8000-0000000000${end}`);

/**
 * JSONL jobs from POST to succeeded (hashed, synced to disk) of a company with three workspaces, by a worker
 * process; beside it psql `\copy` of the same SELECT. Rows a second, medians of alternating rounds.
 */
export async function bench(options: { rows: number; rounds: number }): Promise<BenchResult> {
  await using region = await createBenchRegion();
  await makeEvents(region.owner, {
    companyId: COMPANY,
    workspaceIds: WORKSPACES,
    rows: options.rows,
  });
  const artifacts = join(region.directory, 'artifacts');
  mkdirSync(artifacts);
  await using worker = await startWorkerProcess({
    REGION_DATABASE_URLS: `us=${region.url}`,
    ARTIFACT_STORES: `us=${pathToFileURL(artifacts).href}`,
  });
  await using jobs = openJobs(region, COMPANY);
  await jobs.run();
  const ours: number[] = [];
  const reference: number[] = [];
  const cpu = worker.cpuSeconds();
  for (let round = 0; round < options.rounds; round += 1) {
    ours.push(options.rows / (await timed(() => jobs.run())));
    reference.push(options.rows / (await timed(() => psqlCopy(region))));
    rmSync(artifacts, { recursive: true, force: true });
  }
  return result(options, median(ours), median(reference), worker, cpu);
}

function result(
  { rows, rounds }: { rows: number; rounds: number },
  ours: number,
  psql: number,
  worker: WorkerProcess,
  cpu: number,
): BenchResult {
  return {
    name: 'export',
    figures: {
      rows,
      rounds,
      exportRowsPerSecond: Math.round(ours),
      psqlCopyRowsPerSecond: Math.round(psql),
      workerPeakMemoryMb: Math.round(worker.peakMemory() / 1e6),
      workerCpuSecondsPerJob: Number(((worker.cpuSeconds() - cpu) / rounds).toFixed(2)),
    },
    ratios: { exportToPsqlCopy: Number((ours / psql).toFixed(2)) },
  };
}

async function psqlCopy(region: BenchRegion): Promise<void> {
  const select = `SELECT line FROM events WHERE company_id = '${COMPANY}' ORDER BY id`;
  const pinned = 'SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off;';
  execFileSync('psql', [
    region.url,
    '-q',
    '-c',
    pinned,
    '-c',
    `\\copy (${select}) TO '${join(region.directory, 'psql.txt')}'`,
  ]);
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
