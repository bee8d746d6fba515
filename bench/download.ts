import { startProcess } from '../testing/processes/exhibit-process.ts';
import type { BenchResult } from './support/bench-result.ts';
import { createBenchRegion } from './support/bench-region.ts';
import {
  type Download,
  type DownloadTarget,
  openDownloadTarget,
} from './support/download-target.ts';
import { fetchAndDrop } from './support/fetch-and-drop.ts';
import { median } from './support/median.ts';

const AT_ONCE = 100;
const PART_BYTES = 20_000_000;

const BARE = new URL('./support/bare-file-server.ts', import.meta.url);

interface Sample {
  readonly mbPerSecond: number;
  readonly apiCpu: number;
  readonly dashboardCpu: number;
}

/**
 * Downloads one file of `rows` lines of 1,000 bytes (2,000,000 rows: 2 GB) from the page cache over loopback: from the
 * dashboard, from the api and from a plain node:http stream, in alternating rounds, with medians. Then downloads its
 * first 20 MB a hundred times in parallel.
 */
export async function bench(options: { rows: number; rounds: number }): Promise<BenchResult> {
  await using region = await createBenchRegion();
  await using target = await openDownloadTarget(region, options.rows);
  await using bare = await startProcess(BARE, [target.file]);
  const atStart = { api: target.api.peakMemory(), dashboard: target.dashboard.peakMemory() };
  const samples: Record<'bare' | 'api' | 'dashboard', Sample[]> = {
    bare: [],
    api: [],
    dashboard: [],
  };
  for (let round = 0; round < options.rounds; round += 1) {
    samples.bare.push(await measured(target, { url: bare.ready, headers: {} }));
    samples.api.push(await measured(target, target.apiDownload));
    samples.dashboard.push(await measured(target, target.dashboardDownload));
  }
  const one = result(options, target, samples, atStart);
  const many = await manyAtOnce(target, bare.ready, options.rounds);
  return {
    name: 'download',
    figures: { ...one.figures, ...many.figures },
    ratios: { ...one.ratios, ...many.ratios },
  };
}

async function manyAtOnce(
  target: DownloadTarget,
  bare: string,
  rounds: number,
): Promise<Pick<BenchResult, 'figures' | 'ratios'>> {
  const rates = { bare: [] as number[], api: [] as number[], dashboard: [] as number[] };
  const ways = {
    bare: { url: bare, headers: {} },
    api: target.apiDownload,
    dashboard: target.dashboardDownload,
  };
  for (let round = 0; round < rounds; round += 1)
    for (const way of ['bare', 'api', 'dashboard'] as const)
      rates[way].push((await measured(target, ways[way], AT_ONCE)).mbPerSecond);
  const rate = (way: keyof typeof rates) => Math.round(median(rates[way]));
  const ratio = (way: 'api' | 'dashboard') =>
    Number((median(rates[way]) / median(rates.bare)).toFixed(2));
  return {
    figures: {
      atOnce: AT_ONCE,
      atOnceBareMbPerSecond: rate('bare'),
      atOnceApiMbPerSecond: rate('api'),
      atOnceDashboardMbPerSecond: rate('dashboard'),
      atOnceApiPeakMemoryMb: Math.round(target.api.peakMemory() / 1e6),
      atOnceDashboardPeakMemoryMb: Math.round(target.dashboard.peakMemory() / 1e6),
    },
    ratios: { atOnceApiToBare: ratio('api'), atOnceDashboardToBare: ratio('dashboard') },
  };
}

/** Downloads the whole file once, or its first part many times in parallel. */
async function measured(
  { api, dashboard }: DownloadTarget,
  { url, headers }: Download,
  times = 1,
): Promise<Sample> {
  const part = times === 1 ? {} : { range: `bytes=0-${PART_BYTES - 1}` };
  const cpu = { api: api.cpuSeconds(), dashboard: dashboard.cpuSeconds() };
  const start = performance.now();
  const downloads = Array.from({ length: times }, () => fetchAndDrop(url, { ...headers, ...part }));
  const bytes = (await Promise.all(downloads)).reduce((sum, of) => sum + of, 0);
  return {
    mbPerSecond: bytes / 1000 / (performance.now() - start),
    apiCpu: api.cpuSeconds() - cpu.api,
    dashboardCpu: dashboard.cpuSeconds() - cpu.dashboard,
  };
}

function result(
  { rows, rounds }: { rows: number; rounds: number },
  { api, dashboard }: DownloadTarget,
  samples: Record<'bare' | 'api' | 'dashboard', Sample[]>,
  atStart: { api: number; dashboard: number },
): BenchResult {
  const speed = (of: Sample[]) => median(of.map(({ mbPerSecond }) => mbPerSecond));
  const seconds = (values: number[]) => Number(median(values).toFixed(2));
  const mb = (bytes: number) => Math.round(bytes / 1e6);
  const ratio = (one: Sample[], other: Sample[]) => Number((speed(one) / speed(other)).toFixed(2));
  return {
    name: 'download',
    figures: {
      megabytes: Math.round(rows / 1000),
      rounds,
      bareMbPerSecond: Math.round(speed(samples.bare)),
      apiMbPerSecond: Math.round(speed(samples.api)),
      dashboardMbPerSecond: Math.round(speed(samples.dashboard)),
      apiCpuSeconds: seconds(samples.api.map(({ apiCpu }) => apiCpu)),
      apiCpuSecondsBehindDashboard: seconds(samples.dashboard.map(({ apiCpu }) => apiCpu)),
      dashboardCpuSeconds: seconds(samples.dashboard.map(({ dashboardCpu }) => dashboardCpu)),
      apiMemoryAtStartMb: mb(atStart.api),
      apiPeakMemoryMb: mb(api.peakMemory()),
      dashboardMemoryAtStartMb: mb(atStart.dashboard),
      dashboardPeakMemoryMb: mb(dashboard.peakMemory()),
    },
    ratios: {
      dashboardToApi: ratio(samples.dashboard, samples.api),
      apiToBare: ratio(samples.api, samples.bare),
      dashboardToBare: ratio(samples.dashboard, samples.bare),
    },
  };
}
