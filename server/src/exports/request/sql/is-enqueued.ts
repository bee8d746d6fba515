import { EXPORT_QUEUE } from '../../../regions/queue.ts';
import { type Queryable, query, sql } from '../../../regions/sql.ts';

/**
 * True while pg-boss has an entry for the job that is queued or held by a live worker. After a database outage,
 * pg-boss kept an entry `active` for a minute although its worker had given up (seen with 12.38.0).
 */
export async function isEnqueued(client: Queryable, jobId: string): Promise<boolean> {
  const [row] = await query(
    client,
    sql<{ found: boolean }>`
      SELECT EXISTS (SELECT FROM pgboss.job
        WHERE name = ${EXPORT_QUEUE} AND data ->> 'jobId' = ${jobId}
          AND (state IN ('created', 'retry')
            OR (state = 'active' AND heartbeat_on > now() - make_interval(secs => heartbeat_seconds)))) AS found`,
  );
  return row?.found === true;
}
