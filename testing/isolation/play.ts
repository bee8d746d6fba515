import type { TestApi } from '../test-api.ts';
import type { TestRegion } from '../test-region.ts';
import { nextStep } from './next-step.ts';
import type { Json, Step } from './step.ts';
import { type Company, makeWorld, disclosedIds, type World } from './world.ts';

type Plan = Parameters<typeof makeWorld>[2];

/** The result of a game: the number of steps and every difference from the model. */
export interface Findings {
  steps: number;
  readonly byName: Map<string, number>;
  readonly outcomes: Map<string, number>;
  /** Data of another company in a response, or changed by a request. */
  readonly leaks: string[];
  /** Responses that differ from the model. */
  readonly differences: string[];
}

export function noFindings(): Findings {
  return { steps: 0, byName: new Map(), outcomes: new Map(), leaks: [], differences: [] };
}

const ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** Creates a world, plays the steps one by one, and finally compares the database with the model. */
export async function play(
  region: TestRegion,
  api: TestApi,
  [plan, games]: readonly [Plan, readonly (readonly number[])[]],
  findings: Findings,
): Promise<void> {
  const world = await makeWorld(region, api, plan);
  for (const numbers of games) await playStep(world, numbers, findings);
  for (const company of world.companies) await compareRows(region, world, company, findings);
}

async function playStep(
  world: World,
  numbers: readonly number[],
  findings: Findings,
): Promise<void> {
  const { caller, step } = nextStep(world, numbers);
  const answer = await caller.send(
    step.method,
    step.path,
    step.body === undefined ? {} : { body: step.body },
  );
  const text = await answer.text();
  findings.steps += 1;
  count(findings.byName, step.name);
  const outcome = answer.ok ? 'yes' : String((JSON.parse(text) as Json)['code']);
  count(findings.outcomes, outcome);
  const request = `${step.method} ${step.path} ${JSON.stringify(step.body)}`;
  const said = `${step.name} by ${caller.kind} of ${caller.company.id}: ${request}`;
  for (const id of foreignIds(world, caller.company, request, text))
    findings.leaks.push(`${said} answers with ${id} of ${world.ownerOf.get(id)}`);
  const difference = differenceOf(step, outcome, text);
  if (difference !== undefined) findings.differences.push(`${said}: ${difference}`);
  if (answer.ok && step.learn !== undefined)
    step.learn(text === '' ? {} : (JSON.parse(text) as Json));
}

/** Ids of other companies in a response. An id that the company itself sent discloses nothing. */
function foreignIds(world: World, company: Company, request: string, text: string): string[] {
  const told = disclosedIds(world, company);
  for (const [id] of request.matchAll(ID))
    if (world.companies.some(({ workspaceIds }) => workspaceIds.includes(id))) told.add(id);
  return [...text.matchAll(ID)]
    .map(([id]) => id)
    .filter((id) => (world.ownerOf.get(id) ?? company.id) !== company.id)
    .filter((id) => !request.includes(id) && !told.has(id));
}

function differenceOf(step: Step, outcome: string, text: string): string | undefined {
  if (step.outcome === 'yes' && step.through?.some((code) => code === outcome)) return undefined;
  if (outcome !== step.outcome) return `answered ${outcome}, the model says ${step.outcome}`;
  if (outcome !== 'yes' || step.check === undefined) return undefined;
  const { got, want } = step.check(text);
  if (JSON.stringify(got) === JSON.stringify(want)) return undefined;
  return `answered [${got.join()}], the model says [${want.join()}]`;
}

/** Checks that each company has exactly the rows of the model. */
async function compareRows(
  region: TestRegion,
  world: World,
  { id: companyId }: Company,
  findings: Findings,
): Promise<void> {
  const known: Readonly<Record<string, readonly string[]>> = {
    'SELECT id FROM events': [...world.events.keys()],
    'SELECT job_id AS id FROM export_jobs': world.jobs.map(({ id }) => id),
    'SELECT view_id AS id FROM saved_explorer_views': presetIds(world, '/explorer/views'),
    'SELECT template_id AS id FROM export_templates': presetIds(world, '/export-templates'),
    'SELECT key_id AS id FROM api_keys': world.keys.map(({ id }) => id),
    'SELECT key_id AS id FROM api_keys WHERE revoked_at IS NOT NULL': world.keys
      .filter(({ revoked }) => revoked)
      .map(({ id }) => id),
  };
  for (const [select, ids] of Object.entries(known)) {
    const where = select.includes('WHERE') ? 'AND' : 'WHERE';
    const { rows } = await region.owner.query<{ id: string }>(
      `${select} ${where} company_id = $1`,
      [companyId],
    );
    const got = rows.map(({ id }) => id).sort();
    const want = ids.filter((id) => world.ownerOf.get(id) === companyId).sort();
    if (JSON.stringify(got) !== JSON.stringify(want))
      findings.leaks.push(`${select} of ${companyId}: ${got.join()} instead of ${want.join()}`);
  }
}

function presetIds(world: World, path: string): string[] {
  return world.presets.filter((preset) => preset.path === path).map(({ id }) => id);
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
