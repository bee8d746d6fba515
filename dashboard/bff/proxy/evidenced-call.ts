import type { Caller } from '../auth/caller.ts';
import type { BffDeps } from '../bff-deps.ts';
import { Problem } from '../errors.ts';
import { byMember } from '../evidence/append-evidence.ts';
import { doNotRepeat, type Intent, openIntent, type Outcome } from '../evidence/intent.ts';
import { type ApiAnswer, ApiUnavailable } from '../upstream/api-client.ts';
import { type ExportJob, lookupToken, parseExportJob } from '../upstream/export-job.ts';
import { apiUnavailable, parseUpstreamProblem } from '../upstream/upstream-problem.ts';
import { uuidV7 } from '../uuid.ts';
import { asUuid, changesJob, type EvidencedRoute } from './evidenced-route.ts';
import { forwardedHeaders } from './forwarded-headers.ts';

interface EvidencedRequest {
  readonly route: EvidencedRoute;
  readonly method: string;
  /** At the api, with its query. */
  readonly path: string;
  readonly body: string | undefined;
  /** `format`, `filters` and `purpose` of the body, if it has them. */
  readonly asked: {
    readonly format?: string | undefined;
    readonly filters?: unknown;
    readonly purpose?: string | undefined;
  };
  readonly ifMatch: string | undefined;
  /** The id that the caller wants its job to have: sent again after an unclear failure, it makes no second job. */
  readonly idempotencyKey: string | undefined;
}

/**
 * Intent, call, outcome: the intent commits before the api hears of it; the outcome follows, from
 * here or, when this process dies or does not know, from the reconciler.
 * @throws Problem EVIDENCE_UNAVAILABLE, API_UNAVAILABLE, VALIDATION_FAILED for a key that is no UUID
 */
export async function evidencedCall(
  deps: BffDeps,
  caller: Caller,
  request: EvidencedRequest,
): Promise<ApiAnswer> {
  const { route, method, path, body } = request;
  const token = await deps.tokens.forMember(caller.member);
  const jobId = jobIdOf(request);
  const entry = {
    ...byMember(caller),
    action: route.action,
    jobId,
    subjectId: route.subjectId ?? null,
    format: request.asked.format ?? null,
    filters: request.asked.filters,
    ...(request.asked.purpose !== undefined && { details: { purpose: request.asked.purpose } }),
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
    return await concluded(deps, caller, intent, answer);
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

/** An answer below 500 is final. Above, the api may have failed after its commit: look before saying so. */
async function concluded(
  deps: BffDeps,
  { member }: Caller,
  intent: Intent,
  answer: ApiAnswer,
): Promise<ApiAnswer> {
  const { jobId, action } = intent.entry;
  // 200 instead of 201: the job was there before, and so is the row of the call that made it.
  const replayed = answer.status === 200 && typeof jobId === 'string' && !changesJob(action);
  const outcome = replayed ? { ...outcomeOf(answer), outcome: 'REPLAYED' } : outcomeOf(answer);
  if (answer.status < 500 || typeof jobId !== 'string' || changesJob(action)) {
    await deps.settleLater.settle(intent, outcome);
    return answer;
  }
  const token = await lookupToken(deps, member.companyId, member.region);
  const found = await deps.api
    .call({ method: 'GET', path: `/dashboard/exports/${jobId}`, token, timeoutMs: 5_000 })
    .catch(() => undefined);
  // Under the key may be somebody else's job, which this person's call did not make and may not see.
  const isOther = found?.status === 200 && !isRequestedBy(found, member.userId);
  if (found?.status === 200 && !isOther) {
    await deps.settleLater.settle(intent, outcomeOf(found));
    return { ...found, status: 201 };
  }
  if (found?.status === 404 || isOther) await deps.settleLater.settle(intent, outcome);
  else await doNotRepeat(deps.pool, intent).catch(() => undefined);
  return answer;
}

/** Whether an answer is an export job that this person asked for. */
export function isRequestedBy(answer: ApiAnswer, userId: string): boolean {
  return parseExportJob(answer)?.requestedBy?.id === userId;
}

/** What an answer of the api says became of the intent. */
export function outcomeOf(answer: ApiAnswer): Outcome {
  if (answer.status < 300) {
    const job = parseExportJob(answer);
    if (job !== undefined)
      return {
        outcome: 'SUCCEEDED',
        format: job.format,
        filters: job.filters,
        details: scopeOf(job),
      };
    const made = idOf(answer);
    return { outcome: 'SUCCEEDED', ...(made === undefined ? {} : { subjectId: made }) };
  }
  const problem = parseUpstreamProblem({
    status: answer.status,
    contentType: answer.headers['content-type'],
    text: answer.text,
  });
  return { outcome: problem?.code ?? 'API_UNAVAILABLE' };
}

/** What a job covers beside its filters, which may name no workspace, and what for. */
function scopeOf({ workspaceIds, purpose }: ExportJob) {
  return { workspaceIds, ...(typeof purpose === 'string' && { purpose }) };
}

/** The id of what was made: a saved view. */
function idOf({ text }: ApiAnswer): string | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    if (typeof value !== 'object' || value === null || !('id' in value)) return undefined;
    return typeof value.id === 'string' ? value.id : undefined;
  } catch {
    return undefined;
  }
}

function undecided(jobId: string | null, cause: unknown): Problem {
  return new Problem(
    'API_UNAVAILABLE',
    'The api did not confirm this. Whether it was done is settled within a minute; look before you try again.',
    { headers: { 'retry-after': '60' }, members: jobId === null ? {} : { jobId }, cause },
  );
}
