import { findMember } from '../auth/member.ts';
import type { BffDeps } from '../bff-deps.ts';
import { outcomeOf } from '../proxy/answer-outcome.ts';
import { changesJob } from '../proxy/evidenced-route.ts';
import { isRequestedBy } from '../proxy/evidenced-call.ts';
import { withWorkspaceNames } from '../proxy/view-labels.ts';
import type { ApiAnswer } from '../upstream/api-client.ts';
import { type ExportJob, lookupToken, parseExportJob } from '../upstream/export-job.ts';
import { isMissing } from '../upstream/upstream-problem.ts';
import { type Outcome, settleIntent } from './intent.ts';
import { findOrphanedIntents, type OpenIntent } from './open-intents.ts';
import { presetOutcome } from './preset-outcome.ts';

export interface ReconcileTimes {
  /** A process not seen for this long is dead. */
  readonly deadAfterMs: number;
  /** Longer than a call may take. */
  readonly callAfterMs: number;
}

/** A queue of its own; no region's name: theirs are lower case. */
const DOWNLOADS = 'DOWNLOADS';

/** Nobody waits for an older one: it is not started now, only asked for. */
const REPEAT_WITHIN_MS = 10 * 60_000;

type ReconcileDeps = Pick<BffDeps, 'pool' | 'api' | 'tokens' | 'log'>;

/**
 * One round: settles what dead processes and unanswered calls left open. What the api cannot say yet stays. Regions
 * side by side: each call to one that is away takes its time.
 */
export async function reconcile(deps: ReconcileDeps, times: ReconcileTimes): Promise<void> {
  const intents = await findOrphanedIntents(deps.pool, times);
  const queues = Map.groupBy(intents, ({ entry, region }) =>
    entry.action === 'EXPORT_DOWNLOAD_STARTED' ? DOWNLOADS : region,
  );
  await Promise.all([...queues.values()].map((queue) => settleAll(deps, queue)));
}

async function settleAll(deps: ReconcileDeps, intents: readonly OpenIntent[]): Promise<void> {
  for (const intent of intents) {
    try {
      const outcome = await outcomeNow(deps, intent);
      if (outcome === undefined) continue;
      const labeled = await withWorkspaceNames(deps.pool, intent.entry.companyId, outcome);
      await settleIntent(deps.pool, intent, labeled);
    } catch (error) {
      deps.log.warn({ err: error, evidenceId: intent.id }, 'an intent cannot be settled yet');
    }
  }
}

/** What became of it; undefined: not known yet. */
async function outcomeNow(deps: ReconcileDeps, intent: OpenIntent): Promise<Outcome | undefined> {
  const { action, jobId } = intent.entry;
  if (action === 'EXPORT_DOWNLOAD_STARTED') {
    return { action: 'EXPORT_DOWNLOAD_ABORTED', outcome: 'ORPHANED', bytes: null };
  }
  if (intent.region === undefined) return { outcome: 'NOT_FOUND' };
  if (typeof jobId !== 'string') return presetOutcome(deps, intent, intent.region);
  return jobOutcome(deps, intent, intent.region, jobId);
}

async function jobOutcome(
  deps: ReconcileDeps,
  intent: OpenIntent,
  region: string,
  jobId: string,
): Promise<Outcome | undefined> {
  const found = await deps.api.call({
    method: 'GET',
    path: `/dashboard/exports/${jobId}`,
    token: await lookupToken(deps, intent.entry.companyId, region),
  });
  const job = parseExportJob(found);
  const { action } = intent.entry;
  const changing = changesJob(action);
  // Another caller's job has this id, so the call could not make one.
  if (job !== undefined && !changing && !isRequestedBy(found, intent.entry.actor.id))
    return { outcome: 'IDEMPOTENCY_CONFLICT' };
  if (job !== undefined && (!changing || isChanged(action, job)))
    return outcomeOf(intent.entry, found);
  if (job === undefined && !isMissing(found)) return undefined;
  if (job === undefined && changing) return { outcome: 'NOT_FOUND' };
  // The call may still be on its way; repeated under the same id, it is done once or not at all.
  const repeated = await repeat(deps, intent, changing ? undefined : jobId);
  if (repeated === undefined) return { outcome: 'NOT_DONE' };
  return repeated.status >= 500 ? undefined : outcomeOf(intent.entry, repeated);
}

function isChanged(action: string, job: ExportJob): boolean {
  if (action === 'EXPORT_FILE_DELETED') return typeof job.artifactDeletedAt === 'string';
  return job.status === 'canceled';
}

/** The call as it was, with what the person may do today; undefined when it must not be repeated. */
async function repeat(
  deps: ReconcileDeps,
  { entry, call, at }: OpenIntent,
  idempotencyKey: string | undefined,
): Promise<ApiAnswer | undefined> {
  if (call === undefined || Date.now() - at.getTime() > REPEAT_WITHIN_MS) return undefined;
  const member = await findMember(deps.pool, entry.actor.id);
  if (member === undefined || member.companyId !== entry.companyId) return undefined;
  return deps.api.call({
    method: call.method,
    path: call.path,
    token: await deps.tokens.forMember(member),
    ...(call.body === undefined ? {} : { body: call.body }),
    headers: { 'idempotency-key': idempotencyKey },
  });
}
