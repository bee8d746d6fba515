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
  /** A process without a heartbeat for this long is considered dead. */
  readonly deadAfterMs: number;
  /** Longer than any call of the api may take. */
  readonly callAfterMs: number;
}

/** The queue of downloads; not the name of a region, because those are lower case. */
const DOWNLOADS = 'DOWNLOADS';

/** Calls older than this are not repeated, only looked up: the person no longer waits for them. */
const REPEAT_WITHIN_MS = 10 * 60_000;

type ReconcileDeps = Pick<BffDeps, 'pool' | 'api' | 'tokens' | 'log'>;

/**
 * One round: settles the open intents of dead processes and unanswered calls. An intent whose outcome the api cannot tell
 * yet stays open. Regions run in parallel, because calls to an unavailable region are slow.
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
      deps.log.warn({ err: error, evidenceId: intent.id }, 'cannot settle an intent yet');
    }
  }
}

/** The outcome of an intent; undefined: not known yet. */
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
  // Another caller's job has this id, so the call did not create one.
  if (job !== undefined && !changing && !isRequestedBy(found, intent.entry.actor.id))
    return { outcome: 'IDEMPOTENCY_CONFLICT' };
  if (job !== undefined && (!changing || isChanged(action, job)))
    return outcomeOf(intent.entry, found);
  if (job === undefined && !isMissing(found)) return undefined;
  if (job === undefined && changing) return { outcome: 'NOT_FOUND' };
  // The original call may still arrive; because of the shared id it takes effect at most once.
  const repeated = await repeat(deps, intent, changing ? undefined : jobId);
  if (repeated === undefined) return { outcome: 'NOT_DONE' };
  return repeated.status >= 500 ? undefined : outcomeOf(intent.entry, repeated);
}

function isChanged(action: string, job: ExportJob): boolean {
  if (action === 'EXPORT_FILE_DELETED') return typeof job.artifactDeletedAt === 'string';
  return job.status === 'canceled';
}

/** Repeats the call with the person's current permissions; undefined if it must not be repeated. */
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
