import { type Queryable, query, sql } from '../../../regions/sql.ts';

/**
 * Locks a job's row and tells whether this artifact is its published one. An attempt whose finish met a broken
 * connection does not know whether it committed: the lock waits for that transaction to end, so the answer is
 * final, and nobody publishes while the lock is held.
 */
export async function isPublished(
  client: Queryable,
  companyId: string,
  jobId: string,
  artifactKey: string,
): Promise<boolean> {
  const [job] = await query(
    client,
    sql<{ published: boolean }>`
      SELECT coalesce(artifact_key = ${artifactKey}, false) AS published
      FROM export_jobs WHERE company_id = ${companyId} AND job_id = ${jobId}
      FOR UPDATE`,
  );
  return job?.published === true;
}
