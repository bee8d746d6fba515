import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { startExhibitProcess } from '../testing/processes/exhibit-process.ts';
import { startWorkerProcess } from '../testing/processes/worker-process.ts';
import { PERMISSIONS } from '../server/src/tenancy/api-key.ts';
import { issueApiKey } from '../server/src/tenancy/issue-api-key.ts';
import { ApiClient } from './support/api-client.ts';
import type { BenchResult } from './support/bench-result.ts';
import { EVENTS_START_MS, makeBenchEvents } from './support/bench-events.ts';
import { type BenchRegion, createBenchRegion } from './support/bench-region.ts';
import { exportingCompany, ONE_WORKSPACE } from './support/export-stage.ts';
import { percentile } from './support/percentile.ts';

const DAYS = 3;
const MATCHING = 1_000;
const JOBS_A_ROUND = 30;
const WARM_UP = 10;
const POLL_MS = 2;

/**
 * Measures the time from POST /v1/exports to the first GET with status succeeded, over HTTP, for 1,000 of `rows` events:
 * different ones each time, one job after another, with one api and one worker process.
 */
export async function bench(options: { rows: number; rounds: number }): Promise<BenchResult> {
  await using region = await createBenchRegion();
  await makeBenchEvents(region.owner, { streams: ONE_WORKSPACE, rows: options.rows, days: DAYS });
  const env = {
    REGION_DATABASE_URLS: `us=${region.url}`,
    ARTIFACT_STORES: `us=${pathToFileURL(join(region.directory, 'artifacts')).href}`,
  };
  await using api = await startExhibitProcess('api', { ...env, API_PORT: '0' });
  await using _worker = await startWorkerProcess(env);
  using client = new ApiClient(api.ready);
  const token = await issueKey(region);
  const times: number[] = [];
  const jobs = options.rounds * JOBS_A_ROUND;
  for (let number = -WARM_UP; number < jobs; number += 1) {
    const first = ((number + WARM_UP) * 7919 * MATCHING) % (options.rows - MATCHING);
    const ms = await timeJob(client, token, range(first, options.rows));
    if (number >= 0) times.push(ms);
  }
  return {
    name: 'latency',
    figures: {
      ...options,
      jobs,
      p50Ms: Math.round(percentile(times, 0.5)),
      p95Ms: Math.round(percentile(times, 0.95)),
      fastestMs: Math.round(Math.min(...times)),
    },
    ratios: {},
  };
}

async function issueKey(region: BenchRegion): Promise<string> {
  const { key } = await issueApiKey(region.owner, 'us', {
    companyId: exportingCompany(ONE_WORKSPACE),
    name: 'bench',
    workspaceId: null,
    permissions: PERMISSIONS,
    expiresAt: null,
  });
  return key;
}

/** A time range that contains a thousand events. */
function range(first: number, rows: number): { from: string; to: string } {
  const stepMs = (DAYS * 86_400_000) / rows;
  const at = (number: number) =>
    new Date(EVENTS_START_MS + Math.ceil(number * stepMs)).toISOString();
  return { from: at(first), to: at(first + MATCHING) };
}

interface Job {
  readonly jobId: string;
  readonly status: string;
  readonly rowsExported: number;
}

async function timeJob(
  client: ApiClient,
  token: string,
  filters: Readonly<Record<string, string>>,
): Promise<number> {
  const start = performance.now();
  const body = JSON.stringify({ format: 'JSONL', filters });
  let job = JSON.parse(await client.send('POST', '/v1/exports', { token, body })) as Job;
  while (job.status !== 'succeeded') {
    if (job.status === 'failed') throw new Error(`the job failed: ${JSON.stringify(job)}`);
    await wait(POLL_MS);
    job = JSON.parse(await client.send('GET', `/v1/exports/${job.jobId}`, { token })) as Job;
  }
  const ms = performance.now() - start;
  if (job.rowsExported !== MATCHING) throw new Error(`${job.rowsExported} rows were exported`);
  return ms;
}
