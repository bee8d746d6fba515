import { type Queryable, query, sql } from '../../regions/sql.ts';

/** Whether the company may send events more than 24 hours ahead of the clock. */
export async function maySendFutureTimestamps(
  client: Queryable,
  companyId: string,
): Promise<boolean> {
  const rows = await query(
    client,
    sql<object>`SELECT FROM companies WHERE company_id = ${companyId} AND future_timestamps`,
  );
  return rows.length === 1;
}
