import type { Caller } from '../auth/request-origin.ts';
import type { BffDeps } from '../bff-deps.ts';
import { Problem } from '../errors.ts';
import { byMember } from '../evidence/append-evidence.ts';
import { boundedFilters } from '../evidence/input-digest.ts';
import { markNotRepeatable, type Intent, openIntent, type Outcome } from '../evidence/intent.ts';
import { countRefusal, requireFewRefusals } from '../evidence/refused-requests.ts';
import { type ApiAnswer, ApiUnavailable } from '../upstream/api-client.ts';
import { lookupToken, parseExportJob } from '../upstream/export-job.ts';
import { apiUnavailable, isMissing } from '../upstream/upstream-problem.ts';
import { uuidV7 } from '../uuid.ts';
import { outcomeOf } from './answer-outcome.ts';
import { asUuid, changesJob, type EvidencedRoute } from './evidenced-route.ts';
import { forwardedHeaders } from './forwarded-headers.ts';
import {
  type DescribedView,
  parseView,
  viewBefore,
  viewChanges,
  withWorkspaceNames,
} from './view-labels.ts';

interface EvidencedRequest {
  readonly route: EvidencedRoute;
  readonly method: string;
  /** The api's path, including the query. */
  readonly path: string;
  readonly body: string | undefined;
  /** `format`, `filters` and `purpose` of the body, if it has them. */
  readonly asked: {
    readonly format?: string | undefined;
    readonly filters?: unknown;
    readonly purpose?: string | undefined;
  };
  readonly ifMatch: string | undefined;
  /** The job id that the caller chose: repeating a request with it after an unclear failure creates no second job. */
  readonly idempotencyKey: string | undefined;
}

/**
 * Intent, call, outcome: the intent commits before the api is called. The outcome is recorded here or, if this process
 * dies or cannot tell, by the reconciler.
 * @throws Problem EVIDENCE_UNAVAILABLE, API_UNAVAILABLE, VALIDATION_FAILED for a key that is not a UUID
 */
export async function evidencedCall(
  deps: BffDeps,
  caller: Caller,
  request: EvidencedRequest,
): Promise<ApiAnswer> {
  const { route, method, path, body } = request;
  await requireFewRefusals(deps, caller);
  const token = await deps.tokens.forMember(caller.member);
  const jobId = jobIdOf(request);
  const { filters, filtersDigest } = boundedFilters(request.asked.filters);
  const before = await knownView(deps, caller, request, token);
  const entry = {
    ...byMember(caller),
    action: route.action,
    jobId,
    subjectId: route.subjectId ?? null,
    format: request.asked.format ?? null,
    ...(filters !== undefined && { filters }),
    details: {
      ...(filtersDigest !== undefined && { filtersDigest }),
      ...(request.asked.purpose !== undefined && { purpose: request.asked.purpose }),
      ...(before !== undefined && { name: before.name }),
    },
  };
  const intent = await openIntent(deps.pool, deps.processId, entry, { method, path, body });
  try {
    const answer = await deps.api.call({
      method,
      path,
      token,
      ...(body === undefined ? {} : { body }),
      headers: {
        ...forwardedHeaders(caller.origin),
        ...(route.makesJob && jobId !== null ? { 'idempotency-key': jobId } : {}),
        ...(request.ifMatch === undefined ? {} : { 'if-match': request.ifMatch }),
      },
    });
    return await concluded(deps, { caller, intent, before }, answer);
  } catch (error) {
    if (!(error instanceof ApiUnavailable)) throw error;
    if (!error.neverSent) throw undecided(jobId, error);
    await deps.settleLater.settle(intent, { outcome: 'API_UNAVAILABLE' });
    throw apiUnavailable(error);
  }
}

function jobIdOf({ route, idempotencyKey }: EvidencedRequest): string | null {
  if (!route.makesJob) return changesJob(route.action) ? asUuid(route.subjectId) : null;
  if (idempotencyKey === undefined) return uuidV7();
  const id = asUuid(idempotencyKey);
  if (id === null) throw new Problem('VALIDATION_FAILED', 'Idempotency-Key must be a UUID.');
  return id;
}

interface OpenCall {
  readonly caller: Caller;
  readonly intent: Intent;
  /** The saved view before the call, if the call is about one. */
  readonly before: DescribedView | undefined;
}

const VIEW_ACTIONS = new Set(['SAVED_VIEW_UPDATED', 'SAVED_VIEW_DELETED', 'SAVED_VIEW_RUN']);

/** The saved view that a call is about, so that evidence can name it. */
async function knownView(
  { api }: BffDeps,
  { origin }: Caller,
  { route: { action, subjectId } }: EvidencedRequest,
  token: string,
): Promise<DescribedView | undefined> {
  if (!VIEW_ACTIONS.has(action) || asUuid(subjectId) === null) return undefined;
  const path = `/dashboard/explorer/views/${subjectId}`;
  return viewBefore(api, { path, token, headers: forwardedHeaders(origin) });
}

/** outcomeOf with current names and with the changes. */
async function labeled(
  { pool }: BffDeps,
  { caller, intent, before }: OpenCall,
  answer: ApiAnswer,
): Promise<Outcome | undefined> {
  const outcome = outcomeOf(intent.entry, answer);
  if (outcome?.outcome !== 'SUCCEEDED') return outcome;
  const after = parseView(answer);
  const { action } = intent.entry;
  if (action === 'SAVED_VIEW_CREATED' && after !== undefined)
    return { ...outcome, details: { name: after.name } };
  if (action === 'SAVED_VIEW_UPDATED' && after !== undefined) {
    const changes = before === undefined ? {} : { changes: viewChanges(before, after) };
    return { ...outcome, details: { name: after.name, ...changes } };
  }
  return withWorkspaceNames(pool, caller.member.companyId, outcome);
}

/**
 * Settles the intent if the response shows the outcome. After a 5xx error the api may have committed, and a response of
 * a gateway shows nothing. In both cases the job is looked up; if the outcome is still unknown, the reconciler settles
 * the intent.
 */
async function concluded(
  deps: BffDeps,
  { caller, intent, before }: OpenCall,
  answer: ApiAnswer,
): Promise<ApiAnswer> {
  const { member } = caller;
  const { jobId, action } = intent.entry;
  const outcome = await labeled(deps, { caller, intent, before }, answer);
  const makesJob = typeof jobId === 'string' && !changesJob(action);
  if (outcome !== undefined && answer.status < 500) {
    // 200 instead of 201: the job existed before, and so does the row of the call that created it.
    const replayed = makesJob && answer.status === 200;
    if (answer.status >= 400) await countRefusal(deps.pool, caller, { hasRow: true });
    await deps.settleLater.settle(intent, replayed ? { ...outcome, outcome: 'REPLAYED' } : outcome);
    return answer;
  }
  const found = makesJob ? await findJob(deps, member, jobId) : undefined;
  const made =
    found === undefined ? undefined : await labeled(deps, { caller, intent, before }, found);
  const isOwn = found !== undefined && isRequestedBy(found, member.userId);
  if (found !== undefined && made?.outcome === 'SUCCEEDED' && isOwn) {
    await deps.settleLater.settle(intent, made);
    return { ...found, status: 201 };
  }
  if (outcome === undefined) throw undecided(jobId ?? null, new GatewayAnswer(answer.status));
  // The key may belong to another person's job, which this call did not create and the caller may not see.
  if (made !== undefined) await deps.settleLater.settle(intent, outcome);
  else if (typeof jobId === 'string')
    await markNotRepeatable(deps.pool, intent).catch(() => undefined);
  return answer;
}

/** The api's response with the job or with NOT_FOUND; undefined for any other response. */
async function findJob(
  deps: BffDeps,
  { companyId, region }: Caller['member'],
  jobId: string,
): Promise<ApiAnswer | undefined> {
  const token = await lookupToken(deps, companyId, region);
  const found = await deps.api
    .call({ method: 'GET', path: `/dashboard/exports/${jobId}`, token, timeoutMs: 5_000 })
    .catch(() => undefined);
  const isKnown = found?.status === 200 || (found !== undefined && isMissing(found));
  return isKnown ? found : undefined;
}

/** Whether a response is an export job that this person requested. */
export function isRequestedBy(answer: ApiAnswer, userId: string): boolean {
  return parseExportJob(answer)?.requestedBy?.id === userId;
}

/** A response that the api did not write: from a gateway, or incomplete. */
class GatewayAnswer extends Error {
  override readonly name = 'GatewayAnswer';

  constructor(status: number) {
    super(`a response with status ${status} that the api did not write`);
  }
}

function undecided(jobId: string | null, cause: unknown): Problem {
  return new Problem(
    'API_UNAVAILABLE',
    'The API did not respond. The outcome will be known within a minute; check before retrying.',
    { headers: { 'retry-after': '60' }, members: jobId === null ? {} : { jobId }, cause },
  );
}
