import { randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import { hashApiKey, type Permission, PERMISSIONS } from '../../server/src/tenancy/api-key.ts';
import { testUser } from '../dashboard-user.ts';
import type { RequestOptions, TestApi } from '../test-api.ts';
import type { TestRegion } from '../test-region.ts';

const ROLES = ['OWNER', 'ADMIN', 'BILLING', 'MEMBER', 'MEMBER'] as const;
type Role = (typeof ROLES)[number];

export interface Company {
  readonly id: string;
  readonly workspaceIds: readonly string[];
}

interface Asks {
  readonly id: string;
  readonly company: Company;
  send(method: string, path: string, options?: RequestOptions): Promise<Response>;
}

export interface Person extends Asks {
  readonly kind: 'person';
  readonly role: Role;
  /** For a MEMBER. Other roles have access to all workspaces of the company. */
  readonly memberOf: readonly string[];
}

export interface Key extends Asks {
  readonly kind: 'key';
  readonly workspaceId: string | null;
  readonly permissions: readonly Permission[];
  revoked: boolean;
}

export interface KnownJob {
  readonly id: string;
  readonly company: Company;
  readonly workspaceIds: readonly string[];
  readonly makerId: string;
}

export interface KnownPreset {
  readonly id: string;
  readonly path: '/explorer/views' | '/export-templates';
  readonly company: Company;
  workspaceId: string | null;
  readonly makerId: string;
  /** Workspaces that its query names. */
  named: readonly string[] | undefined;
}

/** The state of the model: companies and the items that the requests so far have created. */
export interface World {
  readonly api: TestApi;
  readonly companies: readonly Company[];
  readonly people: readonly Person[];
  readonly keys: Key[];
  /** Event id → its workspace. */
  readonly events: Map<string, string>;
  readonly jobs: KnownJob[];
  readonly presets: KnownPreset[];
  /** Every known id → its company. */
  readonly ownerOf: Map<string, string>;
  /** Company id → workspace ids that its users have sent. Returning them discloses nothing. */
  readonly told: Map<string, Set<string>>;
}

/** The size of a world and its callers. */
export const worldPlan = fc.array(
  fc.record({
    workspaces: fc.integer({ min: 1, max: 3 }),
    people: fc.array(fc.record({ role: fc.constantFrom(...ROLES), memberOf: fc.nat(7) }), {
      minLength: 2,
      maxLength: 4,
    }),
    keys: fc.array(
      fc.record({
        bound: fc.nat(3),
        permissions: fc.subarray([...PERMISSIONS], { minLength: 1 }),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  }),
  { minLength: 2, maxLength: 3 },
);

type Plan = typeof worldPlan extends fc.Arbitrary<infer Value> ? Value : never;

const EVENTS_OF_A_WORKSPACE = 3;

/** Creates the companies of a plan, each with some events in every workspace. */
export async function makeWorld(region: TestRegion, api: TestApi, plan: Plan): Promise<World> {
  const world: World = {
    api,
    companies: await Promise.all(plan.map((company) => makeCompany(region, company.workspaces))),
    people: [],
    keys: [],
    events: new Map(),
    jobs: [],
    presets: [],
    ownerOf: new Map(),
    told: new Map(),
  };
  const people: Person[] = [];
  for (const [index, company] of world.companies.entries()) {
    for (const id of [company.id, ...company.workspaceIds]) world.ownerOf.set(id, company.id);
    await sendEvents(world, region, company);
    for (const { role, memberOf } of plan[index]?.people ?? [])
      people.push(person(world, company, role, memberOf));
    for (const { bound, permissions } of plan[index]?.keys ?? []) {
      const workspaceId = company.workspaceIds[bound] ?? null;
      const options = { permissions, ...(workspaceId === null ? {} : { workspaceId }) };
      const secret = await region.key(asTestCompany(company), options);
      const { rows } = await region.owner.query<{ id: string }>(
        'SELECT key_id AS id FROM api_keys WHERE company_id = $1 AND secret_hash = $2',
        [company.id, hashApiKey(secret)],
      );
      addKey(world, company, { id: rows[0]?.id ?? '', secret, workspaceId, permissions });
    }
  }
  for (const company of world.companies) await storeOverreach(world, region, company);
  return { ...world, people };
}

/**
 * Stores a view and a template of one workspace whose queries also name other workspaces, of this and another company.
 * No route stores such queries, but an older release or a restored backup may contain them.
 */
async function storeOverreach(world: World, region: TestRegion, company: Company): Promise<void> {
  const [workspaceId = ''] = company.workspaceIds;
  const foreign = world.companies.find((one) => one !== company)?.workspaceIds[0] ?? '';
  const named = [...company.workspaceIds, foreign];
  disclosedIds(world, company).add(foreign);
  for (const [path, table, id, format] of [
    ['/explorer/views', 'saved_explorer_views', 'view_id', ''],
    ['/export-templates', 'export_templates', 'template_id', ', format'],
  ] as const) {
    const preset = { id: randomUUID(), path, company, workspaceId, makerId: randomUUID(), named };
    await region.owner.query(
      `INSERT INTO ${table} (company_id, ${id}, name, query, created_by, workspace_id${format})
       VALUES ($1, $2, 'overreach', $3, $4, $5${format === '' ? '' : ", 'JSONL'"})`,
      [company.id, preset.id, { version: 1, workspaceIds: named }, preset.makerId, workspaceId],
    );
    world.presets.push(preset);
    world.ownerOf.set(preset.id, company.id);
  }
}

export function disclosedIds({ told }: World, { id }: Company): Set<string> {
  const known = told.get(id) ?? new Set<string>();
  told.set(id, known);
  return known;
}

async function makeCompany(region: TestRegion, workspaces: number): Promise<Company> {
  const names = Array.from({ length: workspaces }, (_, index) => `Workspace ${index}`);
  return region.company(names);
}

function asTestCompany({ id, workspaceIds }: Company) {
  return { id, workspaceIds: workspaceIds as [string, ...string[]] };
}

async function sendEvents(world: World, region: TestRegion, company: Company): Promise<void> {
  const secret = await region.key(asTestCompany(company));
  const events = company.workspaceIds.flatMap((workspaceId) =>
    Array.from({ length: EVENTS_OF_A_WORKSPACE }, (_, n) => ({
      workspaceId,
      // Each workspace has its own categories, so that filter menus can be checked too.
      category: workspaceId,
      action: `action ${n}`,
    })),
  );
  const answer = await world.api.request(secret, 'POST', '/v1/events', { body: { events } });
  const { results } = (await answer.json()) as { results: { id: string }[] };
  for (const [index, { workspaceId }] of events.entries())
    addEvent(world, company, results[index]?.id ?? '', workspaceId);
  // This key has no caller in the world, but lists may contain its id.
  const { rows } = await region.owner.query<{ id: string }>(
    'UPDATE api_keys SET revoked_at = now() WHERE company_id = $1 RETURNING key_id AS id',
    [company.id],
  );
  for (const { id } of rows)
    addKey(world, company, {
      id,
      secret,
      workspaceId: null,
      permissions: PERMISSIONS,
    }).revoked = true;
}

export function addEvent(world: World, company: Company, id: string, workspaceId: string): void {
  world.events.set(id, workspaceId);
  world.ownerOf.set(id, company.id);
}

interface NewKey {
  readonly id: string;
  readonly secret: string;
  readonly workspaceId: string | null;
  readonly permissions: readonly Permission[];
}

export function addKey(world: World, company: Company, { secret, ...key }: NewKey): Key {
  const made: Key = {
    ...key,
    kind: 'key',
    company,
    revoked: false,
    send: (method, path, options) => world.api.request(secret, method, path, options),
  };
  world.keys.push(made);
  world.ownerOf.set(key.id, company.id);
  return made;
}

function person(world: World, company: Company, role: Role, chosen: number): Person {
  const memberOf = company.workspaceIds.filter((_, index) => (chosen >> index) % 2 === 1);
  const workspaceIds = role === 'MEMBER' ? memberOf : [];
  const id = randomUUID();
  const user = testUser(world.api, { companyId: company.id, role, workspaceIds, id });
  world.ownerOf.set(id, company.id);
  return { kind: 'person', id, company, role, memberOf, send: (...args) => user.request(...args) };
}
