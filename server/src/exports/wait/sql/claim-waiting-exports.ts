import { type Queryable, query, sql } from '../../../regions/sql.ts';
import { hasExportWaits } from './has-export-waits.ts';

/** A dispatched job that has not started after this time has lost its queue entry. */
export const DISPATCH_TIMEOUT_SECONDS = 20;

/**
 * Claims the oldest waiting jobs of the company, one per free slot, except those whose next attempt is not due. Needs
 * lockSlots. Running jobs, and pending jobs with a queue entry, take a slot. @returns the IDs of the jobs that get a
 * queue entry now
 */
export async function claimWaitingExports(
  client: Queryable,
  companyId: string,
  slots: number,
): Promise<string[]> {
  const patience = sql`now() - make_interval(secs => ${DISPATCH_TIMEOUT_SECONDS})`;
  // No job is delayed for longer than a minute: a later time was set before the clock moved backwards.
  const due = (await hasExportWaits(client))
    ? sql`AND (w.next_try_at IS NULL OR w.next_try_at <= now() OR w.next_try_at > now() + interval '2 minutes')`
    : sql``;
  const rows = await query(
    client,
    sql<{ job_id: string }>`
      UPDATE export_jobs SET woken_at = now()
      WHERE company_id = ${companyId} AND status = 'pending' AND job_id IN (
        SELECT w.job_id FROM export_jobs w
        WHERE w.company_id = ${companyId} AND w.status = 'pending' AND w.waiting_since IS NOT NULL
          AND (w.woken_at IS NULL OR w.woken_at < ${patience}) ${due}
        ORDER BY w.created_at, w.job_id
        LIMIT greatest(0, ${slots}::bigint - (
          SELECT count(*) FROM export_jobs t
          WHERE t.company_id = ${companyId} AND (t.status = 'running'
            OR (t.status = 'pending' AND (t.waiting_since IS NULL OR t.woken_at >= ${patience}))))))
      RETURNING job_id`,
  );
  return rows.map((row) => row.job_id);
}
