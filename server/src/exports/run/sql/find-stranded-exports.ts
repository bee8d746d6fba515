import { type Queryable, query, sql } from '../../../regions/sql.ts';

interface StrandedExport {
  readonly companyId: string;
  readonly jobId: string;
  readonly lease: number;
}

/** A pending job may wait this long for its queue entry before somebody looks whether it still has one. */
const PENDING_SECONDS = 20;
/** So many that those which cannot be recovered now do not hide the others. */
const MAX = 1_000;

/** Jobs of any company that nobody seems to work on. */
export async function findStrandedExports(client: Queryable): Promise<StrandedExport[]> {
  return query(
    client,
    sql<StrandedExport>`
      SELECT company_id AS "companyId", job_id AS "jobId", lease
      FROM exhibit_stranded_exports(make_interval(secs => ${PENDING_SECONDS}), ${MAX})`,
  );
}
