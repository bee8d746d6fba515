import type { FastifyInstance } from 'fastify';
import { Problem } from '../../../errors.ts';
import { eventsBodySteps } from '../../../events/ingest/parse-events.ts';
import type { ParsedEvent, ParsedItem } from '../../../events/ingest/parsed-event.ts';
import {
  FOREIGN_WORKSPACE,
  type RejectedEvent,
  type StoredEvent,
} from '../../../events/ingest/decide-items.ts';
import type { EventToStore } from '../../../events/ingest/store-events.ts';
import { validationProblem } from '../../../events/query/validation-problem.ts';
import type { Principal } from '../../../tenancy/authenticate.ts';
import { isUuid } from '../../../tenancy/is-uuid.ts';
import { covers, type Scope } from '../../../tenancy/scope.ts';
import type { ApiDeps, ApiRegion } from '../../api-deps.ts';
import { MAX_BODY_BYTES } from '../../max-body-bytes.ts';
import { FairTurns } from '../../fair-turns.ts';
import { rawBody } from '../../../../../http-edge/json-body.ts';
import { callerOf } from '../../principal.ts';
import { CREATE_EVENTS_DOCUMENTATION } from './event-schemas.ts';

/** POST /v1/events: one event, or a batch of at most 1000 of which every valid event is stored. */
export function createEvents(app: FastifyInstance, deps: ApiDeps): void {
  const turns = new FairTurns(app.activeCompanies);
  app.post(
    '/events',
    // Enough for 1000 events of common size; batches of larger events must be split.
    { bodyLimit: MAX_BODY_BYTES, schema: CREATE_EVENTS_DOCUMENTATION },
    async (request, reply) => {
      const { principal, region } = callerOf(deps, request, 'events:write');
      const { scope } = principal;
      const body = await turns.run(scope.companyId, eventsBodySteps(rawBody(request)));
      if (body.kind === 'batch') {
        const placed = body.items.map((item) => place(item, principal));
        return storeBatch(region, scope.companyId, placed);
      }
      const stored = await storeSingle(region, scope.companyId, place(body.item, principal));
      return reply.code(stored.created ? 201 : 200).send({ id: stored.id });
    },
  );
}

/** The workspace of an item, or the reason to reject it. Locking the workspace's head shows later whether it exists. */
type Placed = { readonly toStore: EventToStore } | { readonly problem: Problem };

function place(item: ParsedItem, { scope, key }: Principal): Placed {
  if (!item.ok) return { problem: validationProblem(item.errors) };
  const named = item.event.workspaceId?.toLowerCase();
  const workspaceId = named ?? onlyWorkspace(scope);
  if (workspaceId === undefined) return { problem: workspaceRequired() };
  if (!isUuid(workspaceId) || !covers(scope, [workspaceId])) {
    return { problem: new Problem('WORKSPACE_FORBIDDEN', FOREIGN_WORKSPACE) };
  }
  const sender = { keyId: key.keyId, label: key.name };
  return { toStore: { event: item.event satisfies ParsedEvent, workspaceId, sender } };
}

function onlyWorkspace({ workspaces }: Scope): string | undefined {
  return workspaces.kind === 'some' && workspaces.workspaceIds.length === 1
    ? workspaces.workspaceIds[0]
    : undefined;
}

function workspaceRequired(): Problem {
  const message = 'is required with a key that is not bound to one workspace';
  return new Problem('WORKSPACE_REQUIRED', `workspaceId: ${message}`, {
    errors: [{ path: 'workspaceId', message }],
  });
}

async function storeSingle(
  region: ApiRegion,
  companyId: string,
  placed: Placed,
): Promise<{ id: string; created: boolean }> {
  if ('problem' in placed) throw placed.problem;
  const stored = await region.intake.storeOne(companyId, placed.toStore);
  if (stored.status === 'rejected') throw rejectedEvent(stored);
  return { id: stored.id, created: stored.status === 'created' };
}

function rejectedEvent({ code, detail, path, retryAfterSeconds }: RejectedEvent): Problem {
  return new Problem(code, detail, {
    errors: path === undefined ? [] : [{ path, message: detail.replace(`${path}: `, '') }],
    headers: retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) },
  });
}

interface ItemResult {
  readonly index: number;
  readonly status: StoredEvent['status'];
  readonly id?: string;
  readonly code?: string;
  readonly detail?: string;
  readonly path?: string;
}

function rejection({ code, message }: Problem): StoredEvent {
  return { status: 'rejected', code, detail: message };
}

async function storeBatch(region: ApiRegion, companyId: string, placed: readonly Placed[]) {
  const toStore = placed.flatMap((item) => ('toStore' in item ? [item.toStore] : []));
  const stored = toStore.length === 0 ? [] : await region.intake.storeBatch(companyId, toStore);
  const answers = stored.toReversed();
  const results = placed.map((item, index): ItemResult => {
    const answer = 'problem' in item ? rejection(item.problem) : answers.pop();
    if (answer === undefined) throw new Error('an event has no answer');
    if (answer.status !== 'rejected') return { index, ...answer };
    const { retryAfterSeconds: _onlyForSingleEvents, ...rejected } = answer;
    return { index, ...rejected };
  });
  const count = (status: StoredEvent['status']) =>
    results.filter((result) => result.status === status).length;
  return {
    results,
    created: count('created'),
    replayed: count('replayed'),
    rejected: count('rejected'),
  };
}
