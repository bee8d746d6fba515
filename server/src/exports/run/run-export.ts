/*
 * The worker side of an export: attempts at jobs.
 *
 *   export-worker     takes queue entries and runs maintenance tasks
 *   runExport         one attempt, from the claim to its outcome; no connection is held between its steps
 *   start-export      claims the job with a lease, or hands it back (newer version, outage)
 *   prepare-export    fixes the cut and counts the rows independently
 *   attempt           renews the lease and notices cancellation, lost leases and a stalled store
 *   settle-attempt    the only place that ends an attempt: succeeded, failed, canceled, requeued
 *   recover-exports   jobs whose worker disappeared
 */
import type pg from 'pg';
import { inCompany } from '../../regions/transaction.ts';
import { artifactKey } from '../artifact/artifact-key.ts';
import { Attempt } from './attempt.ts';
import type { ExportDeps } from '../export-deps.ts';
import { ExportFailure } from '../export-failure.ts';
import type { ExportJob } from '../export-job.ts';
import { fixCut, sliceExport } from './prepare-export.ts';
import { readEvents } from '../read/read-events.ts';
import { removeEarlierAttempts } from '../artifact/remove-earlier-attempts.ts';
import { settleWhenPossible } from './settle-attempt.ts';
import { startExport } from './start-export.ts';
import { finishExport } from './sql/finish-export.ts';
import { lockSlots } from './sql/lock-slots.ts';
import { sumArtifactBytes } from '../artifact/sql/sum-artifact-bytes.ts';
import { writeArtifact } from '../artifact/write-artifact.ts';

/** Target number of matching events per slice: about what PrefetchedSlice buffers at typical line sizes. */
const SLICE_TARGET_ROWS = 12_000;

/**
 * One attempt at one export job: claim, fix the cut, read, format, store, finish. Returns once the attempt is
 * settled, with any outcome; the job row shows it. @param stopping aborts when the worker stops gracefully: the job
 * is released without counting the attempt
 */
export async function runExport(
  deps: ExportDeps,
  { companyId, jobId }: { companyId: string; jobId: string },
  stopping: AbortSignal,
): Promise<void> {
  const claimed = await startExport(deps, { companyId, jobId });
  if (claimed === undefined) return;
  const { maxArtifactBytes } = deps.settings;
  const options = { disk: deps.disk, maxArtifactBytes };
  await using attempt = new Attempt(deps.pool, claimed, stopping, options);
  try {
    await attempt.pulse.during(removeEarlierAttempts(deps.store, claimed, attempt.signal));
    const job = await fixCut(deps.pool, claimed);
    if (job !== undefined) await exportRows(deps, job, attempt);
  } catch (error) {
    await settleWhenPossible(deps, attempt, error, stopping);
  }
}

async function exportRows(deps: ExportDeps, job: ExportJob, attempt: Attempt): Promise<void> {
  const { store, pool, places, settings } = deps;
  const { signal, counts } = attempt;
  const { companyId, jobId, lease, cut } = job;
  const key = artifactKey(job);
  const slices = await sliceExport(pool, job, {
    rows: settings.sliceRows,
    matching: SLICE_TARGET_ROWS,
  });
  const content = readEvents({ pool, places, job, cut: cut ?? {}, slices, counts, signal });
  const written = await writeArtifact({
    store,
    key,
    content: attempt.pulse.watch(content),
    compression: job.compression,
    signal,
    onStored: attempt.countStored,
  });
  checkRows(job, counts.rows);
  await attempt.pulse.during(checkStored(deps, key, written.bytes));
  const { artifactTtlDays, maxArtifactBytes } = settings;
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
  const published = await inCompany(pool, companyId, async (client) => {
    if (maxArtifactBytes !== undefined)
      await requireRoomForFile(client, job, written.bytes, maxArtifactBytes);
    return finishExport(client, finished);
  });
  if (!published) throw new Error('the attempt may not publish its artifact');
}

/** Strict: while the slots of the company are locked, none of its other exports can publish a file. */
async function requireRoomForFile(
  client: pg.PoolClient,
  { companyId, jobId }: ExportJob,
  bytes: number,
  limit: number,
): Promise<void> {
  await lockSlots(client, companyId);
  const others = await sumArtifactBytes(client, companyId, jobId);
  if (others === undefined || others.bytes + bytes <= limit) return;
  throw new ExportFailure(
    'ARTIFACT_QUOTA_EXCEEDED',
    `the file has ${bytes} bytes, the company's other files ${others.bytes} of ${limit}`,
  );
}

/** Two independent counts must agree: the rows in the file, and the events counted in the cut's snapshot. */
function checkRows(job: ExportJob, rows: number): void {
  if (!job.rowsExpectedExact || rows === job.rowsExpected) return;
  throw new ExportFailure(
    'ROW_COUNT_MISMATCH',
    `${rows} rows in the file, ${job.rowsExpected} counted`,
  );
}

/** A store may report success without storing the file. */
async function checkStored({ store }: ExportDeps, key: string, bytes: number): Promise<void> {
  const stored = await store.stat(key);
  if (stored?.bytes === bytes) return;
  throw new ExportFailure(
    'STORE_FAILED',
    `${bytes} bytes were written, the store has ${stored?.bytes ?? 'nothing'}`,
  );
}
