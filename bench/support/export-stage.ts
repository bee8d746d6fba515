import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ExportRequest } from '../../server/src/exports/request/export-request.ts';
import { startWorkerProcess, type WorkerProcess } from '../../testing/processes/worker-process.ts';
import { type BenchEvents, makeBenchEvents } from './bench-events.ts';
import { type BenchRegion, createBenchRegion } from './bench-region.ts';
import { endedChildrenCpuSeconds } from './bench-server.ts';
import { openJobs } from './export-jobs.ts';

const workspace = (number: number) => `0198c1de-0000-7000-8000-0000000000a${number}`;
const company = (number: number) => `0198c1de-0000-7000-8000-00000000000${number}`;

/** A company with a single workspace that has all events. */
export const ONE_WORKSPACE: BenchEvents['streams'] = [
  { companyId: company(1), workspaceId: workspace(0), share: 100 },
];
/** A busy, a normal and a quiet workspace, interleaved on disk with events of another company. */
export const THREE_WORKSPACES: BenchEvents['streams'] = [
  { companyId: company(2), workspaceId: workspace(1), share: 60 },
  { companyId: company(2), workspaceId: workspace(2), share: 25 },
  { companyId: company(2), workspaceId: workspace(3), share: 5 },
  { companyId: company(3), workspaceId: workspace(4), share: 10 },
];

/** The exporting company, which is that of the first stream. */
export function exportingCompany([first]: BenchEvents['streams']): string {
  if (first === undefined) throw new RangeError('there is no stream');
  return first.companyId;
}

/** A database with events, a worker process and a directory for its artifacts. */
export interface ExportStage extends AsyncDisposable {
  readonly region: BenchRegion;
  readonly worker: WorkerProcess;
  /** Runs one job until it has succeeded and removes its file. @returns its size in bytes */
  readonly run: (request: Partial<ExportRequest>, expectedRows: number) => Promise<number>;
  /** Processor time so far of worker, PostgreSQL and psql, in seconds. */
  readonly cpu: () => number;
}

export async function openExportStage(events: BenchEvents): Promise<ExportStage> {
  const stack = new AsyncDisposableStack();
  try {
    const region = stack.use(await createBenchRegion());
    await makeBenchEvents(region.owner, events);
    const artifacts = join(region.directory, 'artifacts');
    mkdirSync(artifacts, { recursive: true });
    const worker = stack.use(
      await startWorkerProcess({
        REGION_DATABASE_URLS: `us=${region.url}`,
        ARTIFACT_STORES: `us=${pathToFileURL(artifacts).href}`,
      }),
    );
    const jobs = stack.use(openJobs(region, exportingCompany(events.streams)));
    return {
      region,
      worker,
      run: async (request, expectedRows) => {
        const { rowsExported, bytes } = await jobs.run(request);
        if (rowsExported !== expectedRows)
          throw new Error(`${rowsExported} rows were exported, not ${expectedRows}`);
        rmSync(artifacts, { recursive: true, force: true });
        return bytes ?? 0;
      },
      cpu: () => worker.cpuSeconds() + region.postgres.cpuSeconds() + endedChildrenCpuSeconds(),
      [Symbol.asyncDispose]: () => stack.disposeAsync(),
    };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

/** Number of events of the exporting company. */
export function rowsOfCompany({ streams, rows }: BenchEvents): number {
  const companyId = exportingCompany(streams);
  const share = streams.reduce((sum, of) => sum + (of.companyId === companyId ? of.share : 0), 0);
  return (rows / 100) * share;
}
