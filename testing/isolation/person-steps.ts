import { randomUUID } from 'node:crypto';
import { addKey, type KnownPreset, type Person, type World } from './world.ts';
import {
  isOf,
  mayChange,
  reachOf,
  resolved,
  seesAll,
  seesJob,
  seesPreset,
} from './visibility-model.ts';
import type { RandomChoice } from './random-choice.ts';
import { idsOf, type Json, type Outcome, type Step } from './step.ts';
import { eventsIn, fileOf, jobOf, NOT_YET, query } from './model-queries.ts';

type Make = (world: World, caller: Person, randomChoice: RandomChoice) => Step;

/** Chooses a person's next request to the dashboard. */
export function personSteps(world: World, caller: Person, randomChoice: RandomChoice): Step {
  const make = randomChoice.of(STEPS);
  if (make === undefined) throw new Error('there are steps');
  return make(world, caller, randomChoice);
}

/** A query of events. Callers who are limited to workspaces must name some of their own. */
function asked(caller: Person, named: readonly string[] | undefined): Outcome {
  if (named === undefined && caller.role === 'MEMBER') return 'WORKSPACE_REQUIRED';
  return resolved(caller, named) === undefined ? 'WORKSPACE_FORBIDDEN' : 'yes';
}

const listEvents: Make = (world, caller, randomChoice) => {
  const named = randomChoice.named(reachOf(caller), world);
  return {
    name: 'list events',
    method: 'GET',
    path: `/events?limit=200${query('workspaceId', named)}`,
    outcome: asked(caller, named),
    check: (text) => ({ got: idsOf(text), want: eventsIn(world, resolved(caller, named)) }),
  };
};

const filterOptions: Make = (world, caller, randomChoice) => {
  const named = randomChoice.named(reachOf(caller), world);
  return {
    name: 'filter options',
    method: 'GET',
    path: `/events/filter-options?${query('workspaceId', named).slice(1)}`,
    outcome: asked(caller, named),
    check: (text) => {
      const { categories } = JSON.parse(text) as { categories: { value: string }[] };
      // The category of every event is the id of its workspace.
      return {
        got: categories.map(({ value }) => value).sort(),
        want: [...new Set(resolved(caller, named))].sort(),
      };
    },
  };
};

const histogram: Make = (world, caller, randomChoice) => {
  const named = randomChoice.named(reachOf(caller), world);
  return {
    name: 'histogram',
    method: 'GET',
    path: `/events/metrics/histogram?${query('workspaceId', named).slice(1)}`,
    outcome: asked(caller, named),
    check: (text) => ({
      got: [String((JSON.parse(text) as { total: number }).total)],
      want: [String(eventsIn(world, resolved(caller, named)).length)],
    }),
  };
};

/** The same query with the filters in the body. */
const searchEvents: Make = (world, caller, randomChoice) => {
  const named = randomChoice.named(reachOf(caller), world);
  return {
    name: 'search events',
    method: 'POST',
    path: '/events/search',
    body: { limit: 200, filters: named === undefined ? {} : { workspaceIds: named } },
    outcome: asked(caller, named),
    check: (text) => ({ got: idsOf(text), want: eventsIn(world, resolved(caller, named)) }),
  };
};

const getEvent: Make = (world, caller, randomChoice) => {
  const id = randomChoice.id([...world.events.keys()].map((id) => ({ id })));
  const visible = reachOf(caller).includes(world.events.get(id) ?? '');
  return {
    name: 'get event',
    method: 'GET',
    path: `/events/${id}`,
    outcome: visible ? 'yes' : 'NOT_FOUND',
  };
};

const listExports: Make = (world, caller, randomChoice) => {
  const workspaceId = randomChoice.named(reachOf(caller), world)?.[0];
  const named = workspaceId === undefined ? undefined : [workspaceId];
  const isRefused = named !== undefined && resolved(caller, named) === undefined;
  return {
    name: 'list exports',
    method: 'GET',
    path: `/exports?limit=200${query('workspaceId', named)}`,
    outcome: isRefused ? 'WORKSPACE_FORBIDDEN' : 'yes',
    check: (text) => ({
      got: idsOf(text, 'jobId'),
      want: world.jobs
        .filter((job) => seesJob(caller, job))
        .filter((job) => workspaceId === undefined || job.workspaceIds.includes(workspaceId))
        .map(({ id }) => id)
        .sort(),
    }),
  };
};

const oneExport: Make = (world, caller, randomChoice) => {
  const id = randomChoice.id(world.jobs);
  const job = world.jobs.find((one) => one.id === id);
  const visible = job !== undefined && seesJob(caller, job);
  const found: Outcome = visible ? 'yes' : 'NOT_FOUND';
  const path = `/exports/${id}`;
  const changeable = visible && !mayChange(caller, job.makerId) ? 'PERMISSION_DENIED' : found;
  const steps: readonly Step[] = [
    { name: 'get export', method: 'GET', path, outcome: found },
    {
      name: 'download',
      method: 'GET',
      path: `${path}/download`,
      outcome: found,
      through: NOT_YET,
      check: (text) => fileOf(world, job, text),
    },
    {
      name: 'cancel',
      method: 'POST',
      path: `${path}/cancel`,
      outcome: changeable,
      through: ['EXPORT_NOT_CANCELABLE'],
    },
    {
      name: 'delete file',
      method: 'DELETE',
      path: `${path}/artifact`,
      outcome: changeable,
      through: NOT_YET,
    },
    {
      name: 'rerun',
      method: 'POST',
      path: `${path}/rerun`,
      outcome: found,
      through: ['EXPORT_NOT_RERUNNABLE'],
      ...jobOf(world, caller, job?.workspaceIds),
    },
  ];
  return randomChoice.of(steps) ?? steps[0]!;
};

/** An export of the named workspaces, or of those of a view or template to which the caller has access. */
function exported(
  caller: Person,
  named: readonly string[] | undefined,
  preset: KnownPreset | undefined,
): { outcome: Outcome; workspaceIds: readonly string[] } {
  const stored = named === undefined ? preset?.named : undefined;
  const left = stored?.filter((id) => reachOf(caller).includes(id));
  if (left !== undefined)
    return { outcome: left.length > 0 ? 'yes' : 'WORKSPACE_FORBIDDEN', workspaceIds: left };
  const outcome = asked(caller, named);
  return { outcome, workspaceIds: outcome === 'yes' ? (resolved(caller, named) ?? []) : [] };
}

const createExport: Make = (world, caller, randomChoice) => {
  const views = world.presets.filter(({ path }) => path === '/explorer/views');
  const viewId = randomChoice.number(2) === 0 && views.length > 0 ? randomChoice.id(views) : null;
  const named = randomChoice.named(reachOf(caller), world);
  const view = views.find(({ id }) => id === viewId);
  const isHidden = viewId !== null && (view === undefined || !seesPreset(caller, view));
  const { outcome, workspaceIds } = exported(caller, named, view);
  const estimate = randomChoice.number(3) === 0;
  const filters = named === undefined ? {} : { workspaceIds: named };
  return {
    name: estimate ? 'estimate' : 'create export',
    method: 'POST',
    path: estimate ? '/exports/estimate' : '/exports',
    body: { ...(estimate ? {} : { format: 'JSONL' }), filters, savedExplorerViewId: viewId },
    outcome: isHidden ? 'NOT_FOUND' : outcome,
    ...(estimate
      ? {
          check: (text: string) => ({
            got: [String((JSON.parse(text) as { rows: number }).rows)],
            want: [String(eventsIn(world, workspaceIds).length)],
          }),
        }
      : jobOf(world, caller, workspaceIds)),
  };
};

const PATHS = ['/explorer/views', '/export-templates'] as const;

const listPresets: Make = (world, caller, randomChoice) => {
  const path = PATHS[randomChoice.number(2)] ?? PATHS[0];
  const workspaceId = randomChoice.named(reachOf(caller), world)?.[0];
  const named = workspaceId === undefined ? undefined : [workspaceId];
  const isRefused = named !== undefined && resolved(caller, named) === undefined;
  return {
    name: `list ${path}`,
    method: 'GET',
    path: `${path}?limit=200${query('workspaceId', named)}`,
    outcome: isRefused ? 'WORKSPACE_FORBIDDEN' : 'yes',
    check: (text) => ({
      got: idsOf(text),
      want: world.presets
        .filter((preset) => preset.path === path && seesPreset(caller, preset))
        .filter((preset) => workspaceId === undefined || preset.workspaceId === workspaceId)
        .map(({ id }) => id)
        .sort(),
    }),
  };
};

const createPreset: Make = (world, caller, randomChoice) => {
  const path = PATHS[randomChoice.number(2)] ?? PATHS[0];
  const workspaceId = randomChoice.named(reachOf(caller), world)?.[0] ?? null;
  const named = workspaceId === null ? randomChoice.named(reachOf(caller), world) : undefined;
  const isMine = resolved(caller, workspaceId === null ? named : [workspaceId]) !== undefined;
  const allowed = isMine ? 'yes' : 'WORKSPACE_FORBIDDEN';
  return {
    name: `create ${path}`,
    method: 'POST',
    path,
    body: {
      name: randomUUID().slice(0, 13),
      workspaceId,
      query: named === undefined ? {} : { workspaceIds: named },
      ...(path === '/export-templates' ? { format: 'CSV' } : {}),
    },
    outcome: workspaceId === null && !seesAll(caller) ? 'PERMISSION_DENIED' : allowed,
    learn: ({ id }) => {
      const preset = { id: String(id), path, company: caller.company, workspaceId };
      const about = workspaceId === null ? named : [workspaceId];
      world.presets.push({ ...preset, makerId: caller.id, named: about });
      world.ownerOf.set(String(id), caller.company.id);
    },
  };
};

const onePreset: Make = (world, caller, randomChoice) => {
  const id = randomChoice.id(world.presets);
  const preset = world.presets.find((one) => one.id === id);
  const path = `${preset?.path ?? PATHS[0]}/${id}`;
  const visible = preset !== undefined && seesPreset(caller, preset);
  const found: Outcome = visible ? 'yes' : 'NOT_FOUND';
  const changeable = visible && !mayChange(caller, preset.makerId) ? 'PERMISSION_DENIED' : found;
  const steps: readonly Step[] = [
    { name: 'get preset', method: 'GET', path, outcome: found },
    movePreset(world, caller, randomChoice, { path, preset, outcome: changeable }),
    {
      name: 'delete preset',
      method: 'DELETE',
      path,
      outcome: changeable,
      learn: () =>
        void world.presets.splice(
          world.presets.findIndex((one) => one.id === id),
          1,
        ),
    },
    runPreset(world, caller, { path, preset, outcome: found }),
    runPreset(world, caller, { path, preset, outcome: found }),
  ];
  return randomChoice.of(steps) ?? steps[0]!;
};

interface OfPreset {
  readonly path: string;
  readonly preset: KnownPreset | undefined;
  readonly outcome: Outcome;
}

/** Moves a preset to another workspace, of any company, or to the whole company. */
function movePreset(
  world: World,
  caller: Person,
  randomChoice: RandomChoice,
  { path, preset, outcome }: OfPreset,
): Step {
  const workspaceId = randomChoice.named(reachOf(caller), world)?.[0] ?? null;
  // The query no longer names the old workspace if the workspace changes.
  const stays = preset?.workspaceId === null || preset?.workspaceId === workspaceId;
  const named = stays ? preset?.named : undefined;
  let allowed = outcome;
  if (outcome === 'yes') {
    const isMine = (ids: readonly string[] | undefined) => resolved(caller, ids) !== undefined;
    const elsewhere = workspaceId !== null && named?.some((id) => id !== workspaceId) === true;
    if (workspaceId === null && !seesAll(caller)) allowed = 'PERMISSION_DENIED';
    else if (!isMine(workspaceId === null ? named : [workspaceId])) allowed = 'WORKSPACE_FORBIDDEN';
    else if (elsewhere) allowed = isMine(named) ? 'VALIDATION_FAILED' : 'WORKSPACE_FORBIDDEN';
  }
  return {
    name: 'move preset',
    method: 'PATCH',
    path,
    body: { workspaceId },
    outcome: allowed,
    learn: () => {
      if (preset === undefined) return;
      preset.named = workspaceId === null ? named : [workspaceId];
      preset.workspaceId = workspaceId;
    },
  };
}

function runPreset(world: World, caller: Person, { path, preset, outcome }: OfPreset): Step {
  const step = { name: 'run preset', method: 'POST', path: `${path}/run` };
  if (preset?.path === '/export-templates') {
    const run = exported(caller, undefined, preset);
    return {
      ...step,
      outcome: outcome === 'yes' ? run.outcome : outcome,
      ...jobOf(world, caller, run.workspaceIds),
    };
  }
  return {
    ...step,
    outcome,
    check: (text) => ({
      got: (
        (JSON.parse(text) as { query: { workspaceIds?: string[] } }).query.workspaceIds ?? []
      ).sort(),
      want: (preset?.named ?? []).filter((id) => reachOf(caller).includes(id)).sort(),
    }),
  };
}

const manageKeys: Make = (world, caller, randomChoice) => {
  const isOfficer = caller.role === 'OWNER' || caller.role === 'ADMIN';
  const officer = (outcome: Outcome): Outcome => (isOfficer ? outcome : 'PERMISSION_DENIED');
  const own = world.keys.filter((key) => isOf(caller, key.company));
  const id = randomChoice.id(world.keys);
  const workspaceId = randomChoice.named(reachOf(caller), world)?.[0] ?? null;
  const isMine = workspaceId === null || caller.company.workspaceIds.includes(workspaceId);
  const permissions = ['events:read', 'exports:read'] as const;
  const steps: readonly Step[] = [
    {
      name: 'list keys',
      method: 'GET',
      path: '/api-keys',
      outcome: officer('yes'),
      check: (text) => ({ got: idsOf(text), want: own.map((key) => key.id).sort() }),
    },
    {
      name: 'create key',
      method: 'POST',
      path: '/api-keys',
      body: { name: 'k', permissions, workspaceId },
      outcome: officer(isMine ? 'yes' : 'WORKSPACE_FORBIDDEN'),
      learn: (json: Json) => {
        const key = {
          id: String(json['id']),
          secret: String(json['key']),
          workspaceId,
          permissions,
        };
        addKey(world, caller.company, key);
      },
    },
    {
      name: 'revoke key',
      method: 'DELETE',
      path: `/api-keys/${id}`,
      outcome: officer(own.some((key) => key.id === id) ? 'yes' : 'NOT_FOUND'),
      learn: () => {
        for (const key of own) if (key.id === id) key.revoked = true;
      },
    },
  ];
  return randomChoice.of(steps) ?? steps[0]!;
};

const STEPS: readonly Make[] = [
  listEvents,
  filterOptions,
  histogram,
  searchEvents,
  getEvent,
  listExports,
  oneExport,
  oneExport,
  createExport,
  createExport,
  listPresets,
  createPreset,
  createPreset,
  onePreset,
  onePreset,
  manageKeys,
];
