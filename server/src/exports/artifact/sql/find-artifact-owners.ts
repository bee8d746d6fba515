import { type Queryable, query, sql } from '../../../regions/sql.ts';
import type { ExportStatus } from '../../../../../contract/export-state.ts';
import { hasExportWaits } from '../../wait/sql/has-export-waits.ts';

/** Properties of a job that decide whether an object in the store is still needed. */
export interface ArtifactOwner {
  readonly jobId: string;
  readonly status: ExportStatus;
  readonly lease: number;
  readonly artifactKey: string | null;
  /** True if its artifact can no longer be downloaded and no download can be starting. */
  readonly expired: boolean;
  /** True if the file was deleted on request. */
  readonly deleted: boolean;
}

/**
 * Those of the given jobs that the company has. @param graceSeconds time after its expiry at which an artifact counts
 * as expired @returns undefined if the region does not know the company
 */
export async function findArtifactOwners(
  client: Queryable,
  companyId: string,
  jobIds: readonly string[],
  graceSeconds: number,
): Promise<ArtifactOwner[] | undefined> {
  const known = await query(
    client,
    sql<{ one: number }>`SELECT 1 AS one FROM companies WHERE company_id = ${companyId}`,
  );
  if (known.length === 0) return undefined;
  const deleted = (await hasExportWaits(client))
    ? sql`artifact_deleted_at IS NOT NULL`
    : sql`false`;
  return query(
    client,
    sql<ArtifactOwner>`
      SELECT job_id AS "jobId", status, lease, artifact_key AS "artifactKey",
        coalesce(artifact_expires_at < now() - make_interval(secs => ${graceSeconds}), false) AS expired,
        ${deleted} AS deleted
      FROM export_jobs
      WHERE company_id = ${companyId} AND job_id = ANY(${[...jobIds]}::uuid[])`,
  );
}
