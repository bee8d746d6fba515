import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { rmSync } from 'node:fs';
import { startWorkerProcess } from '../testing/processes/worker-process.ts';
import type { BenchResult } from './support/bench-result.ts';
import { EVENTS_START_MS, makeBenchEvents } from './support/bench-events.ts';
import { type BenchRegion, createBenchRegion } from './support/bench-region.ts';
import { openJobs } from './support/export-jobs.ts';
import { median } from './support/median.ts';
import { megabytes, rounded } from './support/figures.ts';
import { DAYS, LARGE, TENANTS } from './support/tenants.ts';

const DAY_MS = 86_400_000;

/**
 * Peak resident memory (VmHWM) of a separate worker process that writes one JSONL file of all events of a tenant with
 * 90% of `rows`, then of a tenth and of a hundredth of them. Reports medians.
 */
export async function bench(options: { rows: number; rounds: number }): Promise<BenchResult> {
  await using region = await createBenchRegion();
  await makeBenchEvents(region.owner, { streams: TENANTS, rows: options.rows, days: DAYS });
  const peaks = new Map([0.01, 0.1, 1].map((part) => [part, [] as number[]]));
  const idle: number[] = [];
  for (let round = 0; round < options.rounds; round += 1) {
    for (const [part, measured] of peaks) {
      const { before, peak } = await peakOf(region, part);
      idle.push(before);
      measured.push(peak);
    }
  }
  const peak = (part: number) => median(peaks.get(part) ?? []);
  return {
    name: 'memory',
    figures: {
      ...options,
      idleMb: megabytes(median(idle)),
      hundredthPeakMb: megabytes(peak(0.01)),
      tenthPeakMb: megabytes(peak(0.1)),
      allPeakMb: megabytes(peak(1)),
    },
    ratios: { allToHundredth: rounded(peak(1) / peak(0.01)) },
  };
}

/** Runs one job in a new worker. Returns its memory when it was ready and its peak memory. */
async function peakOf(
  region: BenchRegion,
  part: number,
): Promise<{ before: number; peak: number }> {
  const artifacts = join(region.directory, 'artifacts');
  await using worker = await startWorkerProcess({
    REGION_DATABASE_URLS: `us=${region.url}`,
    ARTIFACT_STORES: `us=${pathToFileURL(artifacts).href}`,
  });
  const before = worker.peakMemory();
  await using jobs = openJobs(region, LARGE);
  const to = new Date(EVENTS_START_MS + Math.round(part * DAYS * DAY_MS)).toISOString();
  await jobs.run({ filters: { version: 1, to } });
  rmSync(artifacts, { recursive: true, force: true });
  return { before, peak: worker.peakMemory() };
}
