import { once } from 'node:events';
import http from 'node:http';
import type { BenchResult } from './support/bench-result.ts';
import { createBenchRegion } from './support/bench-region.ts';
import {
  type Download,
  type DownloadTarget,
  openDownloadTarget,
} from './support/download-target.ts';
import { megabytes } from './support/figures.ts';

const AT_ONCE = 100;
/** The default limit of open downloads per caller. */
const READERS = 200;
const EVENTS_A_BODY = 130;
const TEXT = 'x'.repeat(240_000);

/**
 * Peak resident memory (VmHWM) of api and dashboard under simultaneous requests of a hostile caller: a hundred bodies of
 * 31 MB, which share one budget; a hundred pages of the largest events, each limited to 8 MiB; two hundred readers of a
 * file of `rows` kilobytes that stop reading, on the api and on the dashboard. Each peak includes the earlier ones.
 */
export async function bench(options: { rows: number; rounds: number }): Promise<BenchResult> {
  await using region = await createBenchRegion();
  await using target = await openDownloadTarget(region, options.rows);
  const { api, dashboard, apiDownload, dashboardDownload } = target;
  const figures: Record<string, number> = {
    atOnce: AT_ONCE,
    readers: READERS,
    apiAtStartMb: megabytes(api.peakMemory()),
    dashboardAtStartMb: megabytes(dashboard.peakMemory()),
  };
  const bodies = await all(() => sendBody(target));
  figures['bodiesTaken'] = bodies.filter((status) => status < 300).length;
  figures['bodiesRefused'] = bodies.filter((status) => status === 503).length;
  figures['apiAfterBodiesMb'] = megabytes(api.peakMemory());
  const pages = await all(() => readPage(target));
  figures['pagesRead'] = pages.filter((bytes) => bytes > 1_000_000).length;
  figures['apiAfterPagesMb'] = megabytes(api.peakMemory());
  figures['stoppedAtApi'] = await stopReading(apiDownload);
  figures['apiAfterReadersMb'] = megabytes(api.peakMemory());
  figures['stoppedAtDashboard'] = await stopReading(dashboardDownload);
  figures['dashboardAfterReadersMb'] = megabytes(dashboard.peakMemory());
  figures['apiAfterAllMb'] = megabytes(api.peakMemory());
  return { name: 'burst', figures, ratios: {} };
}

function all<Result>(one: () => Promise<Result>): Promise<Result[]> {
  return Promise.all(Array.from({ length: AT_ONCE }, one));
}

/** @returns the status, or 503 where the connection was closed before the whole body was sent */
async function sendBody({ apiDownload, workspaceId }: DownloadTarget): Promise<number> {
  const event = { workspaceId, category: 'burst', action: 'burst', metadata: { text: TEXT } };
  const body = JSON.stringify({ events: Array.from({ length: EVENTS_A_BODY }, () => event) });
  try {
    const answer = await fetch(new URL('/v1/events', apiDownload.url), {
      method: 'POST',
      headers: { ...apiDownload.headers, 'content-type': 'application/json' },
      body,
    });
    await answer.text();
    return answer.status;
  } catch {
    return 503;
  }
}

async function readPage({ apiDownload }: DownloadTarget): Promise<number> {
  const { headers } = apiDownload;
  const answer = await fetch(new URL('/v1/events?limit=200', apiDownload.url), { headers });
  return (await answer.arrayBuffer()).byteLength;
}

/** Starts reading the file on many connections, stops and waits. @returns the number of downloads that started */
async function stopReading({ url, headers }: Download): Promise<number> {
  const requests = Array.from({ length: READERS }, () => http.get(url, { headers, agent: false }));
  const started = await Promise.all(
    requests.map(async (request) => {
      const [answer] = (await once(request, 'response')) as [http.IncomingMessage];
      answer.pause();
      return answer.statusCode === 200;
    }),
  );
  await new Promise((resolve) => setTimeout(resolve, 5000));
  for (const request of requests) request.destroy();
  return started.filter(Boolean).length;
}
