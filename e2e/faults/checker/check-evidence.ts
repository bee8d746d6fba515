import type pg from 'pg';
import { connect } from './connect.ts';
import type { DashboardCall, Evidence } from './evidence.ts';

interface EvidenceRow {
  readonly id: string;
  readonly action: string;
  readonly settles: string | null;
  readonly outcome: string | null;
  readonly actor_type: string;
  readonly actor_id: string;
  readonly user_agent: string | null;
  readonly job_id: string | null;
  readonly bytes: string | null;
  readonly length: string | null;
  readonly sha256: string | null;
  readonly outbox_id: string | null;
}

interface AuditRow {
  readonly id: string;
  readonly action: string;
  readonly actor_type: string;
  readonly actor_id: string;
  readonly subject_id: string;
}

interface JobFile {
  readonly bytes: string | null;
  readonly sha256: string | null;
}

const EVIDENCE = `
  SELECT evidence_id AS id, action::text, settles, outcome, actor_type, actor_id, user_agent, job_id, bytes::text,
    (range_end - range_start)::text AS length, sha256, outbox_id
  FROM evidence WHERE company_id = $1`;
const AUDIT = `
  SELECT audit_id AS id, action, actor_type, actor_id, subject_id FROM audit_log WHERE company_id = $1`;
const FILES = `
  SELECT job_id, bytes::text, encode(sha256, 'hex') AS sha256 FROM export_jobs WHERE company_id = $1`;
/** What the dashboard takes over whoever did it. */
const TAKEN_OVER_FROM_ALL = new Set([
  'API_KEY_CREATED',
  'API_KEY_REVOKED',
  'EXPORT_TEMPLATE_CREATED',
  'EXPORT_TEMPLATE_UPDATED',
  'EXPORT_TEMPLATE_DELETED',
]);
/** What the dashboard takes over of the acts of API keys; ingest would be a row for each batch. */
const TAKEN_OVER = new Set([
  'EXPORT_REQUESTED',
  'EXPORT_CANCELED',
  'EXPORT_RERUN',
  'EXPORT_DOWNLOADED',
  'EXPORT_FILE_DELETED',
  'EVENTS_READ',
]);
const DONE = new Set(['SUCCEEDED', 'REPLAYED']);

/** The dashboard's evidence agrees with what its clients saw, with itself, and with the region's audit log. */
export async function checkEvidence(region: pg.Client, evidence: Evidence): Promise<string[]> {
  const dashboard = await connect(evidence.dashboardDatabaseUrl);
  try {
    // Evidence first: what it says was done must be in the region that is read after it.
    const { rows } = await dashboard.query<EvidenceRow>(EVIDENCE, [evidence.companyId]);
    const open = await dashboard.query<{ id: string }>(
      'SELECT evidence_id AS id FROM open_intents WHERE company_id = $1',
      [evidence.companyId],
    );
    const audit = await region.query<AuditRow>(AUDIT, [evidence.companyId]);
    const outbox = await region.query<{ id: string }>(
      'SELECT audit_id AS id FROM audit_outbox WHERE company_id = $1',
      [evidence.companyId],
    );
    const jobs = await region.query<JobFile & { job_id: string }>(FILES, [evidence.companyId]);
    const files = new Map(jobs.rows.map((job) => [job.job_id, job]));
    return [
      ...open.rows.map(({ id }) => `evidence ${id}: is still waiting for its outcome`),
      ...outbox.rows.map(({ id }) => `audit row ${id}: the dashboard has not taken it over`),
      ...checkIntents(rows),
      ...evidence.calls.filter(({ over }) => over).flatMap((call) => checkCall(call, rows, files)),
      ...checkActs(rows, audit.rows, files),
      ...checkTakenOver(rows, audit.rows),
    ];
  } finally {
    await dashboard.end();
  }
}

/** Every intent has one outcome, of its own kind; bytes are those of the file. */
function checkIntents(rows: readonly EvidenceRow[]): string[] {
  const outcomes = Map.groupBy(
    rows.filter(({ settles }) => settles !== null),
    ({ settles }) => settles ?? '',
  );
  const wrong: string[] = [];
  for (const intent of rows.filter(
    ({ settles, outcome }) => settles === null && outcome === null,
  )) {
    const settling = outcomes.get(intent.id) ?? [];
    outcomes.delete(intent.id);
    const [outcome] = settling;
    const say = (what: string) => wrong.push(`evidence ${intent.id} (${intent.action}): ${what}`);
    if (settling.length !== 1 || outcome === undefined) say(`has ${settling.length} outcomes`);
    else if (intent.action !== 'EXPORT_DOWNLOAD_STARTED') {
      if (outcome.action !== intent.action) say(`its outcome is ${outcome.action}`);
    } else if (outcome.action === 'EXPORT_DOWNLOAD_COMPLETED') {
      if (outcome.outcome !== 'SUCCEEDED') say(`completed with ${outcome.outcome}`);
      if (outcome.bytes !== intent.length)
        say(`completed with ${outcome.bytes} of ${intent.length} bytes`);
    } else if (outcome.action !== 'EXPORT_DOWNLOAD_ABORTED') say(`ended as ${outcome.action}`);
    else if (outcome.outcome === 'SUCCEEDED') say('aborted, and succeeded');
  }
  for (const id of outcomes.keys()) wrong.push(`evidence ${id}: an outcome of no intent`);
  return wrong;
}

/** An answered call has one intent, an unanswered one at most one; what the evidence says is what was seen. */
function checkCall(
  call: DashboardCall,
  rows: readonly EvidenceRow[],
  files: ReadonlyMap<string, JobFile>,
): string[] {
  const own = rows.filter(({ user_agent }) => user_agent === call.userAgent);
  const intents = own.filter(({ settles, outcome }) => settles === null && outcome === null);
  const [intent] = intents;
  const wrong: string[] = [];
  const say = (what: string) =>
    wrong.push(`${call.kind} of job ${call.jobId} by ${call.userAgent}: ${what}`);
  const accepted = call.status !== undefined && call.status < 300;
  if (intents.length > 1 || (accepted && intent === undefined))
    say(`answered ${call.status}, ${intents.length} intents`);
  if (intent === undefined) return wrong;
  if (intent.job_id !== call.jobId) say(`its evidence is of job ${intent.job_id}`);
  const outcome = own.find(({ settles }) => settles === intent.id);
  if (outcome === undefined) return wrong;
  if (call.kind !== 'download') {
    if (accepted && !DONE.has(outcome.outcome ?? ''))
      say(`answered ${call.status}, its outcome is ${outcome.outcome}`);
    if (call.status === 201 && outcome.outcome !== 'SUCCEEDED')
      say(`was the one that made the job, its outcome is ${outcome.outcome}`);
    return wrong;
  }
  const file = files.get(call.jobId);
  if (intent.length !== file?.bytes) say(`${intent.length} bytes, the job has ${file?.bytes}`);
  if (intent.sha256 !== file?.sha256) say('its digest is not the one of the job');
  if (call.sha256 !== undefined && call.sha256 !== file?.sha256)
    say('what arrived is not the file');
  if (outcome.bytes !== null && call.bytes > Number(outcome.bytes))
    say(`${call.bytes} bytes arrived, the evidence says ${outcome.bytes}`);
  // Whoever was to write it down may have died after the last byte.
  const completed = outcome.action === 'EXPORT_DOWNLOAD_COMPLETED';
  if (call.sha256 !== undefined && !completed && outcome.outcome !== 'ORPHANED')
    say(`the file arrived whole, its outcome is ${outcome.outcome}`);
  return wrong;
}

/** What evidence says was done is in the audit log, and what a person did is in the evidence. */
function checkActs(
  rows: readonly EvidenceRow[],
  audit: readonly AuditRow[],
  files: ReadonlyMap<string, JobFile>,
): string[] {
  const acts = (action: string) => rows.filter((row) => row.action === action);
  const wrong: string[] = [];
  for (const action of ['EXPORT_REQUESTED', 'EXPORT_CANCELED']) {
    const done = new Set(
      acts(action).flatMap(({ outcome, job_id }) => (DONE.has(outcome ?? '') ? [job_id] : [])),
    );
    const written = audit.filter((row) => row.action === action);
    const audited = new Set<string | null>(written.map(({ subject_id }) => subject_id));
    for (const jobId of done)
      if (!audited.has(jobId)) wrong.push(`job ${jobId}: evidence of ${action}, no audit row`);
    for (const { actor_type, actor_id, subject_id } of written) {
      if (actor_type !== 'user') continue;
      if (!done.has(subject_id))
        wrong.push(`job ${subject_id}: audit row of ${action}, no evidence`);
      else if (!acts(action).some((row) => row.job_id === subject_id && row.actor_id === actor_id))
        wrong.push(`job ${subject_id}: ${action} by ${actor_id}, evidence of somebody else`);
    }
    if (action !== 'EXPORT_REQUESTED') continue;
    for (const { job_id, outcome } of acts(action))
      if (outcome !== null && !done.has(job_id) && files.has(job_id ?? ''))
        wrong.push(`job ${job_id}: is there, the evidence of its request says ${outcome}`);
  }
  return wrong;
}

/** What API keys did was taken over once, as it was. */
function checkTakenOver(rows: readonly EvidenceRow[], audit: readonly AuditRow[]): string[] {
  const taken = Map.groupBy(
    rows.filter(({ outbox_id }) => outbox_id !== null),
    ({ outbox_id }) => outbox_id ?? '',
  );
  const wrong: string[] = [];
  for (const { id, action, actor_type, actor_id, subject_id } of audit) {
    const isTaken = actor_type === 'api_key' && TAKEN_OVER.has(action);
    if (!isTaken && !TAKEN_OVER_FROM_ALL.has(action)) continue;
    const copies = taken.get(id) ?? [];
    taken.delete(id);
    if (copies.length !== 1) wrong.push(`audit row ${id}: ${copies.length} rows of evidence`);
    const [copy] = copies;
    if (copy === undefined) continue;
    const isOther =
      action.startsWith('EXPORT_') && copy.job_id !== null && copy.job_id !== subject_id;
    if (copy.action !== action || copy.actor_id !== actor_id || isOther)
      wrong.push(`audit row ${id}: its evidence says something else`);
  }
  for (const id of taken.keys()) wrong.push(`audit row ${id}: evidence of it, and no such row`);
  return wrong;
}
