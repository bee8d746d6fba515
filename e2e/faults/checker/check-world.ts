// Reads database and files independently: neither this file nor its imports use code of the product.
import type pg from 'pg';
import { connect } from './connect.ts';
import { checkEvidence } from './check-evidence.ts';
import { checkFile } from './check-file.ts';
import { checkIngest } from './check-ingest.ts';
import type { RequestedJob, Evidence, JobRow } from './evidence.ts';

/** Compares bigints as text: the parser of this process may have been changed by the product. */
const JOBS = `
  SELECT job_id, status, cut, rows_exported::text, bytes::text, encode(sha256, 'hex') AS sha256,
    encode(content_sha256, 'hex') AS content_sha256, truncated, artifact_key, failure_code, finished_at, attempt
  FROM export_jobs WHERE company_id = $1`;

/**
 * Checks the given jobs, and the store and the events as a whole. Call it after a sweep, while no job is running.
 * @returns one message per problem; empty if there is none
 */
export async function checkWorld(evidence: Evidence, jobIds: readonly string[]): Promise<string[]> {
  const client = await connect(evidence.databaseUrl);
  try {
    const { rows } = await client.query<JobRow>(JOBS, [evidence.companyId]);
    const wrong = await checkRows(client, evidence, jobIds, rows);
    for (const { job_id } of rows)
      if (!evidence.jobs.has(job_id)) wrong.push(`job ${job_id}: it was never requested`);
    wrong.push(...(await checkStore(evidence, rows)));
    wrong.push(...(await checkIngest(client, evidence)));
    wrong.push(...(await checkEvidence(client, evidence)));
    return wrong;
  } finally {
    await client.end();
  }
}

/** Checks only these jobs; other jobs may be running. */
export async function checkJobs(evidence: Evidence, jobIds: readonly string[]): Promise<string[]> {
  const client = await connect(evidence.databaseUrl);
  try {
    const { rows } = await client.query<JobRow>(JOBS, [evidence.companyId]);
    return await checkRows(client, evidence, jobIds, rows);
  } finally {
    await client.end();
  }
}

async function checkRows(
  client: pg.Client,
  evidence: Evidence,
  jobIds: readonly string[],
  rows: readonly JobRow[],
): Promise<string[]> {
  const byId = new Map(rows.map((row) => [row.job_id, row]));
  const wrong: string[] = [];
  for (const jobId of jobIds) {
    const [asked, row] = [evidence.jobs.get(jobId), byId.get(jobId)];
    const found =
      asked === undefined || row === undefined
        ? ['it was accepted but is not in the database']
        : await checkJob(client, evidence, asked, row);
    wrong.push(...found.map((what) => `job ${jobId}: ${what}`));
  }
  return wrong;
}

async function checkJob(
  client: pg.Client,
  evidence: Evidence,
  asked: RequestedJob,
  row: JobRow,
): Promise<string[]> {
  const wrong = await checkAudit(client, evidence.companyId, asked, row);
  if (!['succeeded', 'failed', 'canceled'].includes(row.status))
    return [...wrong, `is ${row.status} and not terminal`];
  if (row.finished_at === null) wrong.push('ended without a time');
  if ((row.status === 'failed') !== (row.failure_code !== null))
    wrong.push(`is ${row.status} with failure code ${row.failure_code}`);
  if (row.status === 'succeeded')
    return [...wrong, ...(await checkFile(client, evidence, asked, row))];
  if (row.artifact_key !== null) wrong.push(`is ${row.status} with an artifact`);
  return wrong;
}

async function checkAudit(
  client: pg.Client,
  companyId: string,
  { cancelsAccepted }: RequestedJob,
  { job_id, status }: JobRow,
): Promise<string[]> {
  const { rows } = await client.query<{ action: string; count: string }>(
    `SELECT action, count(*)::text FROM audit_log WHERE company_id = $1 AND subject_id = $2 GROUP BY action`,
    [companyId, job_id],
  );
  const counts = new Map(rows.map(({ action, count }) => [action, Number(count)]));
  const wrong: string[] = [];
  const requested = counts.get('EXPORT_REQUESTED') ?? 0;
  if (requested !== 1) wrong.push(`${requested} audit rows for its request`);
  const canceled = counts.get('EXPORT_CANCELED') ?? 0;
  if (canceled < cancelsAccepted)
    wrong.push(`${cancelsAccepted} cancels were accepted, the audit log has ${canceled}`);
  if (status === 'canceled' && canceled === 0) wrong.push('is canceled without an audit row');
  return wrong;
}

/** Checks that every object is the artifact of a succeeded job and no upload is unfinished. */
async function checkStore(evidence: Evidence, rows: readonly JobRow[]): Promise<string[]> {
  const owned = new Set(
    rows.flatMap(({ status, artifact_key }) =>
      status === 'succeeded' && artifact_key !== null ? [evidence.prefix + artifact_key] : [],
    ),
  );
  const objects = await keysIn(`${evidence.bucketUrl}?list-type=2`);
  const uploads = await keysIn(`${evidence.bucketUrl}?uploads`);
  return [
    ...objects.filter((key) => !owned.has(key)).map((key) => `orphan in the store: ${key}`),
    ...uploads.map((key) => `unfinished upload in the store: ${key}`),
  ];
}

async function keysIn(url: string): Promise<string[]> {
  const text = await (await fetch(url)).text();
  return [...text.matchAll(/<Key>(.*?)<\/Key>/g)].map(([, key]) => key ?? '');
}
