import type pg from 'pg';
import { EXPORT_QUEUE } from '../server/src/regions/queue.ts';

/** Number of rows of a company in the tables that a request may write. */
interface StoredRows {
  readonly events: number;
  readonly eventKeys: number;
  /** Number of events in the rollup, including deltas that are not folded yet. */
  readonly rollup: number;
  readonly jobs: number;
  readonly exportKeys: number;
  readonly queued: number;
  readonly audit: number;
}

export const NOTHING_STORED: StoredRows = {
  events: 0,
  eventKeys: 0,
  rollup: 0,
  jobs: 0,
  exportKeys: 0,
  queued: 0,
  audit: 0,
};

/** Counts with the owner role, which bypasses row-level security. */
export async function storedRows(owner: pg.Pool, companyId: string): Promise<StoredRows> {
  const { rows } = await owner.query<StoredRows & pg.QueryResultRow>(
    `SELECT
      (SELECT count(*) FROM events WHERE company_id = $1)::int AS events,
      (SELECT count(*) FROM event_idempotency WHERE company_id = $1)::int AS "eventKeys",
      (SELECT coalesce(sum(count), 0) FROM (
        SELECT count FROM event_rollup WHERE company_id = $1
        UNION ALL SELECT count FROM event_rollup_deltas WHERE company_id = $1) c)::int AS rollup,
      (SELECT count(*) FROM export_jobs WHERE company_id = $1)::int AS jobs,
      (SELECT count(*) FROM export_idempotency WHERE company_id = $1)::int AS "exportKeys",
      (SELECT count(*) FROM pgboss.job WHERE name = $2 AND data ->> 'companyId' = $1::text)::int AS queued,
      (SELECT count(*) FROM audit_log WHERE company_id = $1)::int AS audit`,
    [companyId, EXPORT_QUEUE],
  );
  const [counts] = rows;
  if (counts === undefined) throw new Error('the count returned no row');
  return counts;
}
