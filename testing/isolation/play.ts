import type { TestApi } from '../test-api.ts';
import type { TestRegion } from '../test-region.ts';
import { nextStep } from './next-step.ts';
import type { Json, Step } from './step.ts';
import { type Company, makeWorld, disclosedIds, type World } from './world.ts';

type Plan = Parameters<typeof makeWorld>[2];

/** What a game came to: steps played, and every difference from what the model says. */
export interface Findings {
  steps: number;
  readonly byName: Map<string, number>;
  readonly outcomes: Map<string, number>;
  /** Something of another company in an answer, or changed by one. */
  readonly leaks: string[];
  /** Any other answer than the model's. */
  readonly differences: string[];
}

export function noFindings(): Findings {
  return { steps: 0, byName: new Map(), outcomes: new Map(), leaks: [], differences: [] };
}

const ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** Makes a world, plays the steps in it one by one, and holds the database against the model at the end. */
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

/** Ids in an answer that are of another company. One that the company itself sent tells it nothing. */
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

/** Whatever answers said: the rows of each company are the ones the model knows, and nobody else's. */
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
