import { type Queryable, query, sql } from '../../../regions/sql.ts';

interface StrandedExport {
  readonly companyId: string;
  readonly jobId: string;
  readonly lease: number;
}

/** Time a pending job may wait before recovery checks that it still has a queue entry. */
const PENDING_SECONDS = 20;
/** Large enough that jobs that cannot be recovered now do not hide the others. */
const MAX = 1_000;

/** Jobs of all companies that no worker seems to process. */
export async function findStrandedExports(client: Queryable): Promise<StrandedExport[]> {
  return query(
    client,
    sql<StrandedExport>`
      SELECT company_id AS "companyId", job_id AS "jobId", lease
      FROM exhibit_stranded_exports(make_interval(secs => ${PENDING_SECONDS}), ${MAX})`,
  );
}
