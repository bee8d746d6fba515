import { type Queryable, query, sql } from '../../../regions/sql.ts';

/**
 * Locks the row of a job and returns whether this artifact is the published one. An attempt whose connection broke
 * during the finish does not know whether it committed. The lock waits for that transaction to end, so the result is
 * final, and no worker can publish while the lock is held.
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
