import { execute, type Queryable, sql } from '../../../regions/sql.ts';
import type { Actor } from '../../../tenancy/audit-log.ts';

interface DeletedArtifact {
  readonly companyId: string;
  readonly jobId: string;
  readonly actor: Actor;
}

/** Marks a job's file as deleted, once: it cannot be downloaded afterwards. The status does not change. */
export async function deleteArtifact(
  client: Queryable,
  deleted: DeletedArtifact,
): Promise<boolean> {
  const { type, id, label } = deleted.actor;
  const updated = await execute(
    client,
    sql`
      UPDATE export_jobs
      SET artifact_deleted_at = now(), artifact_deleted_by_type = ${type}, artifact_deleted_by_id = ${id},
          artifact_deleted_by_label = ${label}
      WHERE company_id = ${deleted.companyId} AND job_id = ${deleted.jobId}
        AND status = 'succeeded' AND artifact_deleted_at IS NULL`,
  );
  return updated === 1;
}
