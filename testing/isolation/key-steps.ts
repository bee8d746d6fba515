import type { Permission } from '../../server/src/tenancy/api-key.ts';
import { addEvent, type Key, type World } from './world.ts';
import { reachOf, resolved, seesJob } from './visibility-model.ts';
import type { RandomChoice } from './random-choice.ts';
import { idsOf, type Outcome, type Step } from './step.ts';
import { eventsIn, fileOf, jobOf, NOT_YET, query } from './model-queries.ts';

/** Chooses the next request of an API key. */
export function keySteps(world: World, caller: Key, randomChoice: RandomChoice): Step {
  const named = randomChoice.named(reachOf(caller), world);
  const place = randomChoice.named(reachOf(caller), world)?.[0];
  const id = randomChoice.id(world.jobs);
  const job = world.jobs.find((one) => one.id === id);
  const found = job !== undefined && seesJob(caller, job) ? 'yes' : 'NOT_FOUND';
  const within = resolved(caller, named) === undefined ? 'WORKSPACE_FORBIDDEN' : 'yes';
  const needs = (permission: Permission, outcome: Outcome): Outcome => {
    if (caller.revoked) return 'UNAUTHENTICATED';
    return caller.permissions.includes(permission) ? outcome : 'PERMISSION_DENIED';
  };
  const steps: readonly Step[] = [
    {
      name: 'v1 list events',
      method: 'GET',
      path: `/v1/events?limit=200${query('workspaceId', named)}`,
      outcome: needs('events:read', within),
      check: (text) => ({ got: idsOf(text), want: eventsIn(world, resolved(caller, named)) }),
    },
    sendEvent(world, caller, place, needs),
    {
      name: 'v1 list exports',
      method: 'GET',
      path: '/v1/exports?limit=200',
      outcome: needs('exports:read', 'yes'),
      check: (text) => ({
        got: idsOf(text, 'jobId'),
        want: world.jobs
          .filter((one) => seesJob(caller, one))
          .map((one) => one.id)
          .sort(),
      }),
    },
    {
      name: 'v1 get export',
      method: 'GET',
      path: `/v1/exports/${id}`,
      outcome: needs('exports:read', found),
    },
    {
      name: 'v1 download',
      method: 'GET',
      path: `/v1/exports/${id}/download`,
      outcome: needs('exports:read', found),
      through: NOT_YET,
      check: (text) => fileOf(world, job, text),
    },
    {
      name: 'v1 cancel',
      method: 'POST',
      path: `/v1/exports/${id}/cancel`,
      outcome: needs('exports:write', found),
      through: ['EXPORT_NOT_CANCELABLE'],
    },
    {
      name: 'v1 delete file',
      method: 'DELETE',
      path: `/v1/exports/${id}/artifact`,
      outcome: needs('exports:write', found),
      through: NOT_YET,
    },
    {
      name: 'v1 create export',
      method: 'POST',
      path: '/v1/exports',
      body: { format: 'CSV', ...(named === undefined ? {} : { filters: { workspaceIds: named } }) },
      outcome: needs('exports:write', within),
      ...jobOf(world, caller, resolved(caller, named)),
    },
    {
      name: 'v1 key status',
      method: 'GET',
      path: '/v1/keys/status',
      outcome: caller.revoked ? 'UNAUTHENTICATED' : 'yes',
    },
  ];
  return randomChoice.of(steps) ?? steps[0]!;
}

function sendEvent(
  world: World,
  caller: Key,
  place: string | undefined,
  needs: (permission: Permission, outcome: Outcome) => Outcome,
): Step {
  const workspaceId = place ?? caller.workspaceId ?? undefined;
  let outcome: Outcome = 'yes';
  if (workspaceId === undefined) outcome = 'WORKSPACE_REQUIRED';
  else if (!reachOf(caller).includes(workspaceId)) outcome = 'WORKSPACE_FORBIDDEN';
  return {
    name: 'v1 send event',
    method: 'POST',
    path: '/v1/events',
    body: {
      category: workspaceId ?? 'nowhere',
      action: 'sent',
      ...(place === undefined ? {} : { workspaceId: place }),
    },
    outcome: needs('events:write', outcome),
    learn: ({ id }) => addEvent(world, caller.company, String(id), workspaceId ?? ''),
  };
}
