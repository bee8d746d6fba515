import { EXPORT_QUEUE } from '../../regions/queue.ts';
import { type Queryable, query, sql } from '../../regions/sql.ts';

/** True while pg-boss still has an entry for the job to hand out or in a worker's hands. */
export async function isEnqueued(client: Queryable, jobId: string): Promise<boolean> {
  const [row] = await query(
    client,
    sql<{ found: boolean }>`
      SELECT EXISTS (SELECT FROM pgboss.job
        WHERE name = ${EXPORT_QUEUE} AND state IN ('created', 'retry', 'active') AND data ->> 'jobId' = ${jobId}) AS found`,
  );
  return row?.found === true;
}
