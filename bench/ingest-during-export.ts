import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startWorkerProcess } from '../testing/processes/worker-process.ts';
import type { BenchResult } from './support/bench-result.ts';
import { makeBenchEvents } from './support/bench-events.ts';
import { createBenchRegion } from './support/bench-region.ts';
import { openJobs } from './support/export-jobs.ts';
import { exportingCompany, ONE_WORKSPACE } from './support/export-stage.ts';
import { bodyOf, openIngestTarget } from './support/ingest-client.ts';
import { median } from './support/median.ts';

const BATCH = 1000;
const MEASURED_MS = 6_000;

/** Measures the ingest of one company with and without continuous exports of another, in alternating rounds. */
export async function bench(options: { rows: number; rounds: number }): Promise<BenchResult> {
  await using region = await createBenchRegion();
  await makeBenchEvents(region.owner, { streams: ONE_WORKSPACE, rows: options.rows, days: 3 });
  await using _worker = await startWorkerProcess({
    REGION_DATABASE_URLS: `us=${region.url}`,
    ARTIFACT_STORES: `us=${pathToFileURL(join(region.directory, 'artifacts')).href}`,
  });
  await using jobs = openJobs(region, exportingCompany(ONE_WORKSPACE));
  await using target = await openIngestTarget(region);
  const bodies = Array.from({ length: 50 }, (_, index) => bodyOf(index * BATCH, BATCH));
  const rate = async () => {
    let sent = 0;
    const start = performance.now();
    while (performance.now() - start < MEASURED_MS) {
      await target.send(bodies.slice(sent % 50, (sent % 50) + 1));
      sent += 1;
    }
    return (sent * BATCH * 1000) / (performance.now() - start);
  };
  const alone: number[] = [];
  const during: number[] = [];
  let exported = 0;
  await rate();
  for (let round = 0; round < options.rounds; round += 1) {
    alone.push(await rate());
    const ingesting = { done: false };
    const exporting = (async () => {
      for (; !ingesting.done; exported += 1) await jobs.run();
    })();
    during.push(await rate());
    ingesting.done = true;
    await exporting;
  }
  return {
    name: 'ingest-during-export',
    figures: {
      rows: options.rows,
      aloneEventsPerSecond: Math.round(median(alone)),
      duringEventsPerSecond: Math.round(median(during)),
      exports: exported,
    },
    ratios: { duringToAlone: Number((median(during) / median(alone)).toFixed(2)) },
  };
}
