import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { startExhibitProcess, startProcess } from '../testing/processes/exhibit-process.ts';
import { PERMISSIONS } from '../server/src/tenancy/api-key.ts';
import { provisionCompany } from '../server/src/tenancy/sql/provision-company.ts';
import { issueApiKey } from '../server/src/tenancy/issue-api-key.ts';
import { ApiClient } from './support/api-client.ts';
import type { BenchResult } from './support/bench-result.ts';
import { makeBenchEvents } from './support/bench-events.ts';
import { type BenchRegion, createBenchRegion } from './support/bench-region.ts';
import { percentile } from './support/percentile.ts';
import { DAYS, LARGE, TENANTS } from './support/tenants.ts';

const ATTACK_PROGRAM = new URL('support/attack.ts', import.meta.url);
const ATTACKS = ['searches', 'blanks', 'small-values', 'large-pages'] as const;
const ASKED_A_PART = 60;
const PAUSE_MS = 30;
/** Time until the attack has reached its full load. */
const RAMP_UP_MS = 3_000;

const EVENT = JSON.stringify({ category: 'auth', action: 'login', actor: { id: 'victim' } });
const QUESTIONS = {
  list: ['GET', '/v1/events?limit=50', undefined],
  post: ['POST', '/v1/events', EVENT],
} as const;
type Question = keyof typeof QUESTIONS;

/**
 * The cost that a hostile company causes another one: the other's list of events and POST of one event, alone and
 * during each attack, in turn. Api, PostgreSQL, attacker and measuring client are separate processes.
 */
export async function bench(options: { rows: number; rounds: number }): Promise<BenchResult> {
  await using region = await createBenchRegion();
  await makeBenchEvents(region.owner, { streams: TENANTS, rows: options.rows, days: DAYS });
  await using api = await startExhibitProcess('api', {
    API_PORT: '0',
    REGION_DATABASE_URLS: `us=${region.url}`,
  });
  using client = new ApiClient(api.ready);
  const attacker = await issueKey(region, LARGE, TENANTS[0]?.workspaceId);
  const victim = await createVictim(region, client);
  const figures: Record<string, number> = { ...options };
  const ratios: Record<string, number> = {};
  await measure(client, victim);
  for (const attack of chosenAttacks()) {
    const alone = emptyTimes();
    const beside = emptyTimes();
    for (let round = 0; round < options.rounds; round += 1) {
      collect(alone, await measure(client, victim));
      const hostile = await startProcess(ATTACK_PROGRAM, [api.ready, attacker, attack]);
      await wait(RAMP_UP_MS);
      collect(beside, await measure(client, victim));
      await hostile[Symbol.asyncDispose]();
      await wait(RAMP_UP_MS);
    }
    for (const question of ['list', 'post'] as const)
      for (const [part, name] of [
        [0.5, 'P50'],
        [0.95, 'P95'],
      ] as const) {
        const label = `${attack}_${question}${name}`;
        const [without, withAttack] = [
          percentile(alone[question], part),
          percentile(beside[question], part),
        ];
        figures[`${label}AloneMs`] = Math.round(without);
        figures[`${label}BesideMs`] = Math.round(withAttack);
        ratios[label] = Math.round((withAttack / without) * 100) / 100;
        process.stdout.write(
          `${label}: ${Math.round(without)} ms alone, ${Math.round(withAttack)} ms during the attack\n`,
        );
      }
  }
  return { name: 'neighbour', figures, ratios };
}

/** All attacks, or those that EXHIBIT_BENCH_ATTACKS names. */
function chosenAttacks(): readonly string[] {
  const named = process.env['EXHIBIT_BENCH_ATTACKS'];
  return named === undefined ? ATTACKS : named.split(',');
}

type Times = Record<Question, number[]>;
const emptyTimes = (): Times => ({ list: [], post: [] });

function collect(into: Times, times: Times): void {
  into.list.push(...times.list);
  into.post.push(...times.post);
}

async function measure(client: ApiClient, token: string): Promise<Times> {
  const times = emptyTimes();
  for (let asked = 0; asked < ASKED_A_PART; asked += 1)
    for (const question of ['list', 'post'] as const) {
      const [method, path, body] = QUESTIONS[question];
      const start = performance.now();
      await client.send(method, path, body === undefined ? { token } : { token, body });
      times[question].push(performance.now() - start);
      await wait(PAUSE_MS);
    }
  return times;
}

/** A company of this run's own, with some pages of events. */
async function createVictim(region: BenchRegion, client: ApiClient): Promise<string> {
  const [id, workspaceId] = [randomUUID(), randomUUID()];
  const workspaces = [{ id: workspaceId, name: 'Bench' }];
  await provisionCompany(region.owner, { id, name: `Victim ${id}`, workspaces });
  const token = await issueKey(region, id, workspaceId);
  const body = `{"events":[${Array<string>(1_000).fill(EVENT).join()}]}`;
  await client.send('POST', '/v1/events', { token, body });
  return token;
}

async function issueKey(region: BenchRegion, companyId: string, workspaceId?: string) {
  const { key } = await issueApiKey(region.owner, 'us', {
    companyId,
    name: 'bench',
    workspaceId: workspaceId ?? null,
    permissions: PERMISSIONS,
    expiresAt: null,
  });
  return key;
}
