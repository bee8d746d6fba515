import { startExhibitProcess } from '../testing/processes/exhibit-process.ts';
import { signTestToken, TEST_JWKS } from '../testing/dashboard-token.ts';
import { ApiClient } from './support/api-client.ts';
import type { BenchResult } from './support/bench-result.ts';
import { makeBenchEvents } from './support/bench-events.ts';
import { createBenchRegion } from './support/bench-region.ts';
import { type Answer, QUESTIONS, type Question } from './support/explorer-questions.ts';
import { percentile } from './support/percentile.ts';
import { DAYS, LARGE, SMALL, TENANTS } from './support/tenants.ts';

const ASKED_A_ROUND = 10;
const WARM_UP = 2;
/** Slow queries are repeated less often. */
const MAX_ANSWER_MS = 10_000;

/**
 * Measures the explorer's queries over HTTP with `rows` events in thirty days, for a company with 90% of them and one
 * with 1%, interleaved on disk. Reports the p95 of each query in milliseconds, without the first ones, and the processor
 * time of api and PostgreSQL per query, which does not depend on other load on the machine.
 */
export async function bench(options: { rows: number; rounds: number }): Promise<BenchResult> {
  await using region = await createBenchRegion();
  await makeBenchEvents(region.owner, { streams: TENANTS, rows: options.rows, days: DAYS });
  await using api = await startExhibitProcess('api', {
    API_PORT: '0',
    REGION_DATABASE_URLS: `us=${region.url}`,
    DASHBOARD_TOKEN_KEYS: TEST_JWKS,
  });
  using client = new ApiClient(api.ready);
  const cpu = () => api.cpuSeconds() + region.postgres.cpuSeconds();
  const figures: Record<string, number> = { ...options };
  for (const [company, companyId, share] of [
    ['large', LARGE, 0.9],
    ['small', SMALL, 0.01],
  ] as const) {
    const events = Math.round(options.rows * share);
    for (const [name, question] of Object.entries(QUESTIONS)) {
      const asked = ASKED_A_ROUND * options.rounds;
      const before = cpu();
      const times = await ask(client, companyId, question, { asked, events });
      const figure = Math.round(percentile(times, 0.95) * 10) / 10;
      const cpuMs = Math.round(((cpu() - before) * 1000) / (times.length + WARM_UP));
      process.stdout.write(`${company} ${name}: p95 ${figure} ms, processor ${cpuMs} ms\n`);
      figures[`${company}_${name}P95Ms`] = figure;
      if (Number.isFinite(cpuMs)) figures[`${company}_${name}CpuMs`] = cpuMs;
    }
  }
  return { name: 'explorer', figures, ratios: {} };
}

async function ask(
  client: ApiClient,
  companyId: string,
  question: Question,
  { asked, events }: { asked: number; events: number },
): Promise<number[]> {
  const user = { sub: 'bench', email: 'bench@acme.test', role: 'OWNER', workspaceIds: [] };
  const times: number[] = [];
  const startedAt = performance.now();
  for (let number = -WARM_UP; number < asked; number += 1) {
    if (times.length > 0 && performance.now() - startedAt > MAX_ANSWER_MS) break;
    const token = await signTestToken({ ...user, companyId });
    const path = `/dashboard${question.path(number + WARM_UP, events)}`;
    const start = performance.now();
    // A search that is rejected as too broad after five seconds is reported as such.
    const text = await client.send('GET', path, { token }).catch(tooBroad);
    if (number >= 0) times.push(performance.now() - start);
    if (text === undefined) continue;
    const answer = JSON.parse(text) as Answer;
    if (!question.holds(answer, events)) throw new Error(`${path} answered ${text.slice(0, 500)}`);
  }
  return times;
}

function tooBroad(error: unknown): undefined {
  if (!(error instanceof Error && error.message.includes('SEARCH_TOO_BROAD'))) throw error;
}
