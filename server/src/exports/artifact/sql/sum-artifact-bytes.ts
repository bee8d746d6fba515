import { type Queryable, query, sql } from '../../../regions/sql.ts';
import { hasExportWaits } from '../../wait/sql/has-export-waits.ts';

export interface ArtifactUsage {
  /** Bytes of files that can be downloaded. */
  readonly files: number;
  readonly bytes: number;
  /** Bytes that running exports have written so far. */
  readonly writing: number;
}

/**
 * Bytes that the export files of a company use in the artifact store. @param except a running job to leave out
 * @returns undefined in a region without migration 20261130103000_export_waits
 */
export async function sumArtifactBytes(
  client: Queryable,
  companyId: string,
  except?: string,
): Promise<ArtifactUsage | undefined> {
  if (!(await hasExportWaits(client))) return undefined;
  const others = except === undefined ? sql`` : sql`AND job_id <> ${except}`;
  const [usage] = await query(
    client,
    sql<ArtifactUsage>`
      SELECT stored.files, stored.bytes, running.writing
      FROM (SELECT count(*) AS files, coalesce(sum(bytes), 0)::bigint AS bytes FROM export_jobs
            WHERE company_id = ${companyId} AND status = 'succeeded' AND artifact_deleted_at IS NULL
              AND artifact_expires_at > now()) stored,
           (SELECT coalesce(sum(bytes_written), 0)::bigint AS writing FROM export_jobs
            WHERE company_id = ${companyId} AND status = 'running' ${others}) running`,
  );
  return usage;
}
