import { inCompany } from '../regions/transaction.ts';
import { artifactKey } from './artifact-key.ts';
import { Attempt } from './attempt.ts';
import type { ExportDeps } from './export-deps.ts';
import { ExportFailure } from './export-failure.ts';
import type { ExportJob } from './export-job.ts';
import { fixCut, sliceExport } from './prepare-export.ts';
import { readEvents } from './read-events.ts';
import { removeEarlierAttempts } from './remove-earlier-attempts.ts';
import { settleAttempt } from './settle-attempt.ts';
import { startExport } from './start-export.ts';
import { finishExport } from './sql/finish-export.ts';
import { writeArtifact } from './write-artifact.ts';

/** Events a slice hands on: about what SliceAhead holds of lines of usual length. */
const ROWS_AHEAD = 12_000;

/**
 * One attempt at one export job: claim, fix the cut, read, format, store, finish. Returns when the attempt
 * is settled, whatever came of it; the job's row tells.
 * @param stopping aborts when the worker stops gracefully: the job is handed back at no cost
 */
export async function runExport(
  deps: ExportDeps,
  { companyId, jobId }: { companyId: string; jobId: string },
  stopping: AbortSignal,
): Promise<void> {
  const claimed = await startExport(deps, { companyId, jobId });
  if (claimed === undefined) return;
  await using attempt = new Attempt(deps.pool, claimed, stopping);
  try {
    await removeEarlierAttempts(deps.store, claimed, attempt.signal);
    const job = await fixCut(deps.pool, claimed);
    if (job !== undefined) await exportRows(deps, job, attempt);
  } catch (error) {
    await settleAttempt(deps, attempt, error);
  }
}

async function exportRows(deps: ExportDeps, job: ExportJob, attempt: Attempt): Promise<void> {
  const { store, pool, places, settings } = deps;
  const { signal, counts } = attempt;
  const { companyId, jobId, lease, cut } = job;
  const key = artifactKey(job);
  const slices = await sliceExport(pool, job, { rows: settings.sliceRows, matching: ROWS_AHEAD });
  const content = readEvents({ pool, places, job, cut: cut ?? {}, slices, counts, signal });
  const written = await writeArtifact({
    store,
    key,
    content,
    compression: job.compression,
    signal,
  });
  checkRows(job, counts.rows);
  await checkStored(deps, key, written.bytes);
  const { artifactTtlDays } = settings;
  const finished = {
    companyId,
    jobId,
    lease,
    rowsExported: counts.rows,
    truncated: counts.truncated,
    ...written,
    artifactKey: key,
    artifactTtlDays,
  };
  const published = await inCompany(pool, companyId, (client) => finishExport(client, finished));
  if (!published) throw new Error('the attempt may not publish its artifact');
}

/** Two independent counts must agree: the rows in the file, and the events counted in the cut's snapshot. */
function checkRows(job: ExportJob, rows: number): void {
  if (!job.rowsExpectedExact || rows === job.rowsExpected) return;
  throw new ExportFailure(
    'ROW_COUNT_MISMATCH',
    `${rows} rows in the file, ${job.rowsExpected} counted`,
  );
}

/** A store may answer success without storing. */
async function checkStored({ store }: ExportDeps, key: string, bytes: number): Promise<void> {
  const stored = await store.stat(key);
  if (stored?.bytes === bytes) return;
  throw new ExportFailure(
    'STORE_FAILED',
    `${bytes} bytes were written, the store has ${stored?.bytes ?? 'nothing'}`,
  );
}
