import type pg from 'pg';
import type { Logger } from 'pino';
import { Problem } from '../../errors.ts';
import { inCompany } from '../../regions/transaction.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { type Actor, appendAudit, type RequestOrigin } from '../../tenancy/audit-log.ts';
import type { ExportJob } from '../export-job.ts';
import { exportState } from '../../../../contract/export-state.ts';
import { deleteArtifact } from '../run/sql/delete-artifact.ts';
import { findExport } from '../request/sql/find-export.ts';
import { hasExportWaits } from '../wait/sql/has-export-waits.ts';

const STORE_TIMEOUT_MS = 5_000;

interface DeleteDeps {
  readonly pool: pg.Pool;
  readonly store: ArtifactStore;
  readonly log: Pick<Logger, 'warn'>;
}

interface DeleteExportFile {
  readonly job: ExportJob;
  readonly actor: Actor;
  readonly origin: RequestOrigin;
}

/**
 * Permanently deletes the file of an export and keeps the job. First the job row and its audit row are written, so
 * that no new download can start; then the object is deleted. If that fails, or the process dies in between, the next
 * sweep of a worker deletes it. Downloads in progress continue. Deleting a deleted file changes nothing.
 * @throws Problem EXPORT_NOT_READY, EXPORT_NOT_AVAILABLE, SCHEMA_DRIFT
 */
export async function deleteExportFile(
  { pool, store, log }: DeleteDeps,
  { job, actor, origin }: DeleteExportFile,
): Promise<ExportJob> {
  const { companyId, jobId, artifactKey } = job;
  requireFile(job);
  const current = await inCompany(pool, companyId, async (client) => {
    if (!(await hasExportWaits(client))) throw notMigrated();
    if (await deleteArtifact(client, { companyId, jobId, actor })) {
      await appendAudit(client, {
        companyId,
        actor,
        origin,
        action: 'EXPORT_FILE_DELETED',
        subject: { type: 'export', id: jobId },
        details: { bytes: job.bytes, sha256: job.sha256, format: job.format },
      });
    }
    return findExport(client, companyId, jobId);
  });
  if (artifactKey !== null) {
    const signal = AbortSignal.timeout(STORE_TIMEOUT_MS);
    await within(store.delete(artifactKey, { signal }), signal).catch((error: unknown) => {
      log.warn({ err: error, jobId }, 'a deleted file is still in the store until the next sweep');
    });
  }
  return current ?? job;
}

function requireFile({ status, artifactKey }: ExportJob): void {
  const { terminal, label } = exportState(status);
  if (!terminal)
    throw new Problem('EXPORT_NOT_READY', `This export is ${status}. Cancel it instead.`);
  if (artifactKey === null)
    throw new Problem(
      'EXPORT_NOT_AVAILABLE',
      `This export is ${label.toLowerCase()}, so it has no file to delete.`,
    );
}

function notMigrated(): Problem {
  return new Problem(
    'SCHEMA_DRIFT',
    "This region's database cannot delete files yet: an operator has to run its migrations.",
  );
}

/** Stops waiting for a store that ignores the signal. */
async function within(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  signal.addEventListener('abort', () => reject(new Error('the store did not answer in time')));
  await Promise.race([work, promise]);
}
