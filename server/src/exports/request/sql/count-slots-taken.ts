import { type Queryable, query, sql } from '../../../regions/sql.ts';
import type { ExportStatus } from '../../../../../contract/export-state.ts';

/** Number of jobs of a company in these states, counted up to `most`. */
export async function countSlotsTaken(
  client: Queryable,
  companyId: string,
  statuses: readonly ExportStatus[],
  max: number,
): Promise<number> {
  const [row] = await query(
    client,
    sql<{ count: number }>`
      SELECT count(*) AS count FROM (
        SELECT FROM export_jobs
        WHERE company_id = ${companyId} AND status = ANY(${[...statuses]}::text[])
        LIMIT ${max}) taken`,
  );
  return row?.count ?? 0;
}
