import { setTimeout as wait } from 'node:timers/promises';
import { checkJobs, checkWorld } from './checker/check-world.ts';
import type { FaultWorld } from './fault-world.ts';
import { readSlowly } from './inject/download-faults.ts';
import { MemoryRecord } from './memory-record.ts';
import { createExport, waitUntilAllEnded, wantedExport } from './run-fault.ts';
import { between, type Random } from './seeded-random.ts';
import { untilSettled } from './wait-until-settled.ts';

const MINUTE_MS = 60_000;
const PAUSE_MS = 5_000;
/** The sweep during the soak test ignores younger uploads, which may still be active. */
const GRACE_MS = 600_000;

export interface SoakReport {
  readonly jobs: number;
  readonly downloads: number;
  readonly wholeDownloads: number;
  readonly acknowledgedEvents: number;
  readonly kills: Readonly<Record<string, number>>;
  readonly memory: MemoryRecord;
  /** One message per problem. */
  readonly wrong: readonly string[];
}

/**
 * Runs at the same time: exports by key and by person, complete and slow downloads from the api and the dashboard,
 * ingest, and a kill -9 every minute. Each job is checked when it has ended. Its file then expires, so that files do
 * not accumulate. At the end everything is checked.
 */
export async function runSoak(
  world: FaultWorld,
  { minutes, random }: { minutes: number; random: Random },
): Promise<SoakReport> {
  const until = performance.now() + minutes * MINUTE_MS;
  const goesOn = () => performance.now() < until;
  const wrong: string[] = [];
  const kills: Record<string, number> = {};
  const memory = new MemoryRecord(world);
  let jobs = 0;

  const exporting = async (): Promise<void> => {
    while (goesOn()) {
      const jobIds: string[] = [];
      for (let count = between(random, 1, 3); count > 0; count--)
        jobIds.push(await createExport(world, wantedExport(random)));
      wrong.push(...(await waitUntilAllEnded(world, jobIds)));
      await Promise.all(jobIds.map((jobId) => world.person.download(jobId)));
      await Promise.all(jobIds.map((jobId) => downloadAtApi(world, jobId)));
      if (random() < 0.2)
        await readSlowly({ world, random, jobIds, request: undefined }).catch(() => undefined);
      wrong.push(...(await checkedThroughKills(world, jobIds)));
      await throughKills(() => world.sweep(jobIds, GRACE_MS));
      jobs += jobIds.length;
      await wait(PAUSE_MS);
    }
  };
  const killing = async (): Promise<void> => {
    // The second process of each kind is never killed, so that its memory shows growth.
    const victims = ['worker', 'api', 'dashboard', 'PostgreSQL'] as const;
    for (let kill = 0; ; kill++) {
      const next = performance.now() + MINUTE_MS;
      if (next > until) return;
      await wait(MINUTE_MS);
      const victim = victims[kill % victims.length] ?? 'worker';
      kills[victim] = (kills[victim] ?? 0) + 1;
      if (victim === 'PostgreSQL') {
        await world.database.kill();
        await world.database.startAgain();
        continue;
      }
      const parts = { worker: world.workers, api: world.apis, dashboard: world.dashboards };
      await parts[victim][0]?.end('SIGKILL');
      await wait(between(random, 0, 2_000));
      await parts[victim][0]?.start();
    }
  };
  const recording = async (): Promise<void> => {
    while (goesOn()) {
      memory.take();
      world.s3.requests.length = 0;
      await wait(Math.min(10_000, minutes * 2_000));
    }
  };
  await Promise.all([exporting(), exporting(), killing(), recording()]);
  memory.take();
  await untilSettled(world.evidence);
  await world.sweep([]);
  wrong.push(...(await checkWorld(world.evidence, [])), ...memory.unbounded());
  const downloads = world.person.calls.filter(({ kind }) => kind === 'download');
  return {
    jobs,
    downloads: downloads.length,
    wholeDownloads: downloads.filter(({ sha256 }) => sha256 !== undefined).length,
    acknowledgedEvents: world.evidence.acknowledgedEvents.size,
    kills,
    memory,
    wrong,
  };
}

async function downloadAtApi(world: FaultWorld, jobId: string): Promise<void> {
  const answer = await world.client
    .once('GET', `/v1/exports/${jobId}/download`)
    .catch(() => undefined);
  // A kill interrupts this download. Only the dashboard's downloads are repeated and checked.
  await answer?.arrayBuffer().catch(() => undefined);
}

/** Retries the check, because it needs the database, which may be down at the moment. */
function checkedThroughKills(world: FaultWorld, jobIds: readonly string[]): Promise<string[]> {
  return throughKills(() => checkJobs(world.evidence, jobIds));
}

async function throughKills<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (tries === 30) throw error;
      await wait(1_000);
    }
  }
}
