import { type Queryable, query, sql } from '../../regions/sql.ts';

/** A woken job that has not started by now has lost its queue entry. */
export const WAKE_PATIENCE_SECONDS = 20;

/**
 * Takes as many of the company's oldest waiting jobs as there are free slots; needs lockSlots. Jobs that run, and
 * pending ones that have a queue entry, take a slot.
 * @returns the ids of the jobs that get a queue entry now
 */
export async function wakeWaiting(
  client: Queryable,
  companyId: string,
  slots: number,
): Promise<string[]> {
  const patience = sql`now() - make_interval(secs => ${WAKE_PATIENCE_SECONDS})`;
  const rows = await query(
    client,
    sql<{ job_id: string }>`
      UPDATE export_jobs SET woken_at = now()
      WHERE company_id = ${companyId} AND status = 'pending' AND job_id IN (
        SELECT w.job_id FROM export_jobs w
        WHERE w.company_id = ${companyId} AND w.status = 'pending' AND w.waiting_since IS NOT NULL
          AND (w.woken_at IS NULL OR w.woken_at < ${patience})
        ORDER BY w.created_at, w.job_id
        LIMIT greatest(0, ${slots}::bigint - (
          SELECT count(*) FROM export_jobs t
          WHERE t.company_id = ${companyId} AND (t.status = 'running'
            OR (t.status = 'pending' AND (t.waiting_since IS NULL OR t.woken_at >= ${patience}))))))
      RETURNING job_id`,
  );
  return rows.map((row) => row.job_id);
}
