import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ExportJob } from '../server/src/exports/export-job.ts';
import { startWorkerProcess } from '../testing/processes/worker-process.ts';
import type { BenchResult } from './support/bench-result.ts';
import { type EventStream, makeBenchEvents } from './support/bench-events.ts';
import { createBenchRegion } from './support/bench-region.ts';
import { type ExportJobs, openJobs } from './support/export-jobs.ts';
import { megabytes, rounded } from './support/figures.ts';
import { bodyOf, type IngestTarget, openIngestTarget } from './support/ingest-client.ts';
import { median } from './support/median.ts';

const COMPANIES = 8;
/** Default number of concurrent jobs per worker process. */
const SLOTS = 4;
const SHARE = 12;
const BATCH = 1000;
const ALONE_MS = 10_000;
const SETTLE_MS = 5_000;
const LOOK_EVERY_MS = 10;

const id = (prefix: string, number: number) => `0198c1de-0000-7000-8000-0000000${prefix}${number}`;
const COLD: EventStream = { companyId: id('0e00', 9), workspaceId: id('0e01', 9), share: 4 };
const STREAMS: readonly EventStream[] = [
  ...Array.from({ length: COMPANIES }, (_, number) => ({
    companyId: id('0e00', number),
    workspaceId: id('0e01', number),
    share: SHARE,
  })),
  COLD,
];

/**
 * Eight companies export 12% of `rows` each, first sequentially and then in parallel, while another company sends
 * batches of 1,000 without a pause. Before that, it sends alone. There is one worker process with four job slots.
 */
export async function bench(options: { rows: number; rounds: number }): Promise<BenchResult> {
  await using stack = new AsyncDisposableStack();
  const region = stack.use(await createBenchRegion());
  await makeBenchEvents(region.owner, { streams: STREAMS, rows: options.rows, days: 3 });
  const artifacts = join(region.directory, 'artifacts');
  const worker = stack.use(
    await startWorkerProcess({
      REGION_DATABASE_URLS: `us=${region.url}`,
      ARTIFACT_STORES: `us=${pathToFileURL(artifacts).href}`,
    }),
  );
  const target = stack.use(await openIngestTarget(region));
  const jobs = STREAMS.filter((stream) => stream !== COLD).map(({ companyId }) =>
    stack.use(openJobs(region, companyId)),
  );
  const rounds: Round[] = [];
  for (let round = 0; round < options.rounds; round += 1) {
    // Flush data that the previous part has written, so that it does not slow down the next part.
    await ingestDuring(target, () => passed(SETTLE_MS));
    const alone = await ingestDuring(target, () => passed(ALONE_MS));
    await passed(SETTLE_MS);
    const inTurn = await ingestDuring(target, () => oneAfterAnother(jobs));
    rmSync(artifacts, { recursive: true, force: true });
    await passed(SETTLE_MS);
    const waits: number[] = [];
    const atOnce = await ingestDuring(target, async () => {
      waits.push(...(await allAtOnce(jobs, artifacts)));
    });
    rmSync(artifacts, { recursive: true, force: true });
    rounds.push({ alone, inTurn, atOnce, waits });
  }
  const of = (pick: (round: Round) => number) => median(rounds.map(pick));
  return {
    name: 'concurrent',
    figures: {
      ...options,
      rowsOfEachJob: (options.rows / 100) * SHARE,
      aloneEventsPerSecond: Math.round(of(({ alone }) => alone.rate)),
      inTurnEventsPerSecond: Math.round(of(({ inTurn }) => inTurn.rate)),
      atOnceEventsPerSecond: Math.round(of(({ atOnce }) => atOnce.rate)),
      inTurnSeconds: rounded(of(({ inTurn }) => inTurn.seconds)),
      atOnceSeconds: rounded(of(({ atOnce }) => atOnce.seconds)),
      firstBytesAfterFreeSlotMs: Math.round(Math.max(...rounds.flatMap(({ waits }) => waits))),
      workerPeakMemoryMb: megabytes(worker.peakMemory()),
    },
    ratios: {
      ingestAtOnceToAlone: rounded(of(({ alone, atOnce }) => atOnce.rate / alone.rate)),
      lastEndToInTurn: rounded(of(({ inTurn, atOnce }) => atOnce.seconds / inTurn.seconds)),
    },
  };
}

interface Ingested {
  readonly seconds: number;
  /** Events per second that were stored during the exports. */
  readonly rate: number;
}

interface Round {
  readonly alone: Ingested;
  readonly inTurn: Ingested;
  readonly atOnce: Ingested;
  /** For each job, milliseconds from a free job slot to the first bytes in the file. */
  readonly waits: readonly number[];
}

/** Sends events while `work` runs. Requests in flight at the end are not counted. */
async function ingestDuring(target: IngestTarget, work: () => Promise<unknown>): Promise<Ingested> {
  const state = { done: false, sent: 0 };
  const start = performance.now();
  const sending = (async () => {
    for (let batch = 0; !state.done; batch += 1) {
      await target.send([bodyOf(batch * BATCH, BATCH)]);
      if (!state.done) state.sent += BATCH;
    }
  })();
  await work();
  state.done = true;
  const seconds = (performance.now() - start) / 1000;
  const rate = state.sent / seconds;
  await sending;
  return { seconds, rate };
}

function passed(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function oneAfterAnother(jobs: readonly ExportJobs[]): Promise<void> {
  for (const of of jobs) await of.run();
}

/** @returns for each job, the time from a free job slot of the worker to its first bytes */
async function allAtOnce(jobs: readonly ExportJobs[], artifacts: string): Promise<number[]> {
  const created = Date.now();
  const firstBytes = new Map<string, number>();
  const looking = setInterval(() => noteFirstBytes(artifacts, firstBytes), LOOK_EVERY_MS);
  let finished: ExportJob[];
  try {
    finished = await Promise.all(jobs.map((of) => of.run()));
  } finally {
    clearInterval(looking);
  }
  const ends = finished.map(({ finishedAt }) => finishedAt?.getTime() ?? Number.NaN);
  const free = [
    ...Array.from({ length: SLOTS }, () => created),
    ...ends.toSorted((a, b) => a - b).slice(0, COMPANIES - SLOTS),
  ];
  const startedMs = finished.map(({ jobId }) => firstBytes.get(jobId) ?? Number.NaN);
  return startedMs.toSorted((a, b) => a - b).map((at, place) => at - (free[place] ?? Number.NaN));
}

/** The time at which each job's file, finished or not, was first seen with content. */
function noteFirstBytes(artifacts: string, seen: Map<string, number>): void {
  let entries: string[];
  try {
    entries = readdirSync(artifacts, { recursive: true, encoding: 'utf8' });
  } catch {
    return; // nothing is stored yet
  }
  for (const entry of entries) {
    const [, , jobId, file] = entry.split('/'); // exports/COMPANY/JOB/FILE
    if (jobId === undefined || file === undefined || seen.has(jobId)) continue;
    const stats = statSync(join(artifacts, entry), { throwIfNoEntry: false });
    if ((stats?.size ?? 0) > 0) seen.set(jobId, Date.now());
  }
}
