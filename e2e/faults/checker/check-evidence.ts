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
/** Actions of every actor that the dashboard copies to its evidence. */
const TAKEN_OVER_FROM_ALL = new Set([
  'API_KEY_CREATED',
  'API_KEY_REVOKED',
  'EXPORT_TEMPLATE_CREATED',
  'EXPORT_TEMPLATE_UPDATED',
  'EXPORT_TEMPLATE_DELETED',
]);
/** Actions of API keys that the dashboard copies. Ingest is excluded: it would be one row per batch. */
const TAKEN_OVER = new Set([
  'EXPORT_REQUESTED',
  'EXPORT_CANCELED',
  'EXPORT_RERUN',
  'EXPORT_DOWNLOADED',
  'EXPORT_FILE_DELETED',
  'EVENTS_READ',
]);
const DONE = new Set(['SUCCEEDED', 'REPLAYED']);

/** Checks that the dashboard's evidence agrees with its clients, with itself and with the region's audit log. */
export async function checkEvidence(region: pg.Client, evidence: Evidence): Promise<string[]> {
  const dashboard = await connect(evidence.dashboardDatabaseUrl);
  try {
    // Read the evidence first: actions it reports as done must be in the region, which is read afterwards.
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
      ...open.rows.map(({ id }) => `evidence ${id}: its outcome is still pending`),
      ...outbox.rows.map(({ id }) => `audit row ${id}: the dashboard has not copied it`),
      ...checkIntents(rows),
      ...evidence.calls.filter(({ over }) => over).flatMap((call) => checkCall(call, rows, files)),
      ...checkActs(rows, audit.rows, files),
      ...checkTakenOver(rows, audit.rows),
    ];
  } finally {
    await dashboard.end();
  }
}

/** Checks that every intent has exactly one outcome of the right kind and with the file's bytes. */
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
  for (const id of outcomes.keys()) wrong.push(`evidence ${id}: an outcome without an intent`);
  return wrong;
}

/** A call with a response has exactly one intent, one without at most one. The evidence matches what the client saw. */
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
    say(`status ${call.status}, ${intents.length} intents`);
  if (intent === undefined) return wrong;
  if (intent.job_id !== call.jobId) say(`its evidence is of job ${intent.job_id}`);
  const outcome = own.find(({ settles }) => settles === intent.id);
  if (outcome === undefined) return wrong;
  if (call.kind !== 'download') {
    if (accepted && !DONE.has(outcome.outcome ?? ''))
      say(`status ${call.status}, its outcome is ${outcome.outcome}`);
    if (call.status === 201 && outcome.outcome !== 'SUCCEEDED')
      say(`it created the job, its outcome is ${outcome.outcome}`);
    return wrong;
  }
  const file = files.get(call.jobId);
  if (intent.length !== file?.bytes) say(`${intent.length} bytes, the job has ${file?.bytes}`);
  if (intent.sha256 !== file?.sha256) say('its digest is not the one of the job');
  if (call.sha256 !== undefined && call.sha256 !== file?.sha256)
    say('what arrived is not the file');
  if (outcome.bytes !== null && call.bytes > Number(outcome.bytes))
    say(`${call.bytes} bytes arrived, the evidence says ${outcome.bytes}`);
  // The process that records the outcome may have been killed after the last byte.
  const completed = outcome.action === 'EXPORT_DOWNLOAD_COMPLETED';
  if (call.sha256 !== undefined && !completed && outcome.outcome !== 'ORPHANED')
    say(`the file arrived completely, its outcome is ${outcome.outcome}`);
  return wrong;
}

/** Checks that completed evidence has an audit row, and that every action of a person has evidence. */
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
        wrong.push(`job ${subject_id}: ${action} by ${actor_id}, evidence of another actor`);
    }
    if (action !== 'EXPORT_REQUESTED') continue;
    for (const { job_id, outcome } of acts(action))
      if (outcome !== null && !done.has(job_id) && files.has(job_id ?? ''))
        wrong.push(`job ${job_id}: exists, but the evidence of its request says ${outcome}`);
  }
  return wrong;
}

/** Checks that every action of an API key was copied exactly once and unchanged. */
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
      wrong.push(`audit row ${id}: its evidence differs`);
  }
  for (const id of taken.keys())
    wrong.push(`audit row ${id}: has evidence, but the row does not exist`);
  return wrong;
}
