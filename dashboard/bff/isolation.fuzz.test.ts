import * as fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { fuzzSettings } from '../../testing/fuzz/fuzz-settings.ts';
import type * as Members from './auth/member.ts';
import { startDashboard } from './start-dashboard.ts';
import { type FakeApi, startFakeApi } from './testing/fake-api.ts';
import {
  type Company,
  type RandomChoice,
  enterCompany,
  marksOf,
  nextStep,
  inOrder,
  peopleOf,
  type Person,
  type Step,
} from './testing/people-world.ts';
import { createDashboardDatabase, type TestDashboardDatabase } from './testing/test-dashboard.ts';

const { cases, seed } = fuzzSettings(60);
/** The share of the cases that is enough to detect a removed check. */
const SHARE = 0.5;
const STEPS_OF_A_WORLD = 200;

/** The check that is currently removed. Only the mocks read it, so production code has no such switch. */
const removed = vi.hoisted(() => ({ check: '' }));

vi.mock('./auth/member.ts', async (importOriginal) => {
  const real = await importOriginal<typeof Members>();
  return {
    ...real,
    mayAdminister: (...args: Parameters<typeof real.mayAdminister>) =>
      removed.check === 'mayAdminister' || real.mayAdminister(...args),
  };
});

// oxlint-disable-next-line typescript/unbound-method -- called below with the client it belongs to
const sendQuery = pg.Client.prototype.query;
pg.Client.prototype.query = function query(this: pg.Client, ...args: unknown[]) {
  if (removed.check === 'company_id' && typeof args[0] === 'string')
    args[0] = args[0].replace(/\b(?:\w\.)?company_id = \$(\d)/g, '($$$1::uuid IS NOT NULL)');
  return Reflect.apply(sendQuery, this, args) as unknown;
} as typeof sendQuery;

let db: TestDashboardDatabase;
let api: FakeApi;
let dashboard: Awaited<ReturnType<typeof startDashboard>>;

beforeAll(async () => {
  db = await createDashboardDatabase();
  api = await startFakeApi();
  dashboard = await startDashboard(db.options(api.url));
});

afterAll(async () => {
  removed.check = '';
  await dashboard?.stop();
  await api?.[Symbol.asyncDispose]();
  await db?.[Symbol.asyncDispose]();
  pg.Client.prototype.query = sendQuery;
});

interface Findings {
  /** Responses, and rows at the end, that differ from the model. */
  readonly differences: string[];
  /** Responses that contain data of another company. */
  readonly leaks: string[];
}

async function play(count: number, check = ''): Promise<Findings> {
  const findings: Findings = { differences: [], leaks: [] };
  const die = fc.nat({ max: 1_000_000 });
  const randomChoice = fc.sample(fc.tuple(die, die, die, die, die), { numRuns: count, seed });
  for (let start = 0; start < randomChoice.length; start += STEPS_OF_A_WORLD) {
    removed.check = '';
    const companies = [
      await enterCompany(dashboard.url, await db.company()),
      await enterCompany(dashboard.url, await db.company()),
    ];
    // Removed people keep sending requests.
    const everybody = companies.flatMap(({ members }) => [...members.values()]);
    removed.check = check;
    for (const die of randomChoice.slice(start, start + STEPS_OF_A_WORLD))
      await playOne(companies, everybody, die, findings);
    removed.check = '';
    for (const company of companies) await compareRows(company, findings);
  }
  return findings;
}

async function playOne(
  companies: readonly Company[],
  everybody: readonly Person[],
  randomChoice: RandomChoice,
  findings: Findings,
): Promise<void> {
  const caller = pick(everybody, randomChoice[0]);
  const target = pick(everybody, randomChoice[2]);
  const place = pick(
    companies.flatMap(({ workspaces }) => [...workspaces.keys()]),
    randomChoice[3],
  );
  const invitations = companies.flatMap((company) => [...company.invitations.keys()]);
  const invitation =
    invitations.length === 0 ? crypto.randomUUID() : pick(invitations, randomChoice[3]);
  const step = nextStep(caller, randomChoice, { target, place, invitation });
  const answer = await caller.browser.send(step.method, step.path, step.body);
  const text = await answer.text();
  const asked = `${step.path} ${JSON.stringify(step.body ?? '')}`;
  const foreign = companies
    .filter((company) => company !== caller.company)
    .flatMap(marksOf)
    .filter((mark) => text.includes(mark) && !asked.includes(mark));
  const what = `${caller.role} ${step.method} ${asked}: ${answer.status} ${text.slice(0, 200)}`;
  if (foreign.length > 0) findings.leaks.push(what);
  const isOut = caller.company.members.get(caller.userId) !== caller;
  if (!agrees(isOut ? { ...step, refusals: ['UNAUTHENTICATED'] } : step, answer, text))
    findings.differences.push(what);
}

/** Checks that the model allows the response, and applies a successful request to the model. */
function agrees({ refusals, done }: Step, { ok, headers }: Response, text: string): boolean {
  const isJson = headers.get('content-type')?.includes('json') === true;
  const body = isJson ? (JSON.parse(text) as Record<string, unknown>) : {};
  if (!ok) return refusals.some((code) => code === body['code']);
  const compared = done?.(body);
  const isRight =
    compared === undefined || JSON.stringify(compared.seen) === JSON.stringify(compared.due);
  return refusals.length === 0 && isRight;
}

async function compareRows(company: Company, { differences }: Findings): Promise<void> {
  const people = await db.pool.query<{ id: string; role: string; places: string[] }>(
    `SELECT user_id AS id, role, ARRAY(SELECT workspace_id::text FROM workspace_members w
       WHERE w.user_id = m.user_id ORDER BY 1) AS places FROM members m WHERE m.company_id = $1`,
    [company.id],
  );
  const rows = inOrder(people.rows.map(({ id, role, places }) => [id, role, places.toSorted()]));
  const places = await db.pool.query<{ id: string; name: string }>(
    'SELECT workspace_id AS id, name FROM workspaces WHERE company_id = $1',
    [company.id],
  );
  const names = inOrder(places.rows.map(({ id, name }) => [id, name]));
  for (const [stored, due] of [
    [rows, peopleOf(company)],
    [names, inOrder([...company.workspaces])],
  ])
    if (JSON.stringify(stored) !== JSON.stringify(due))
      differences.push(`rows: ${JSON.stringify(stored)} instead of ${JSON.stringify(due)}`);
}

function pick<Item>(items: readonly Item[], die: number): Item {
  const item = items[die % items.length];
  if (item === undefined) throw new Error('there is nothing to pick from');
  return item;
}

describe('random requests of two companies', () => {
  test('every response and every row matches the model, and no response contains data of another company', async () => {
    expect(await play(cases)).toEqual({ differences: [], leaks: [] });
  });

  test('the fuzz test detects leaks if no statement filters by company', async () => {
    const { leaks } = await play(Math.ceil(cases * SHARE), 'company_id');
    expect(leaks.length).toBeGreaterThan(0);
  });

  test('the fuzz test detects differences if the administrator check is removed', async () => {
    const { differences } = await play(Math.ceil(cases * SHARE), 'mayAdminister');
    expect(differences.length).toBeGreaterThan(0);
  });
});
