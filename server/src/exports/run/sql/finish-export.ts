import { execute, type Queryable, sql } from '../../../regions/sql.ts';
import { transition } from '../../../../../contract/export-state.ts';

const STEP = transition('running', 'succeeded');

export interface FinishedExport {
  readonly companyId: string;
  readonly jobId: string;
  readonly lease: number;
  readonly rowsExported: number;
  readonly truncated: boolean;
  readonly bytes: number;
  /** SHA-256 of the stored bytes. */
  readonly sha256: Buffer;
  /** SHA-256 of the uncompressed content. */
  readonly contentSha256: Buffer;
  readonly artifactKey: string;
  readonly artifactTtlDays: number;
}

/**
 * Publishes an artifact: the only statement that assigns one to a job. Returns false if the attempt has lost its
 * lease or a cancel was requested.
 */
export async function finishExport(client: Queryable, finished: FinishedExport): Promise<boolean> {
  const updated = await execute(
    client,
    sql`
      UPDATE export_jobs
      SET status = ${STEP.to}, lease_expires_at = NULL, finished_at = now(),
          rows_exported = ${finished.rowsExported}, truncated = ${finished.truncated}, bytes = ${finished.bytes},
          sha256 = ${finished.sha256}, content_sha256 = ${finished.contentSha256}, artifact_key = ${finished.artifactKey},
          artifact_expires_at = now() + make_interval(days => ${finished.artifactTtlDays})
      WHERE company_id = ${finished.companyId} AND job_id = ${finished.jobId}
        AND status = ${STEP.from} AND lease = ${finished.lease} AND cancel_requested_at IS NULL`,
  );
  return updated === 1;
}
