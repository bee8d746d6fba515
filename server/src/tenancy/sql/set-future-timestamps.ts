import { execute, type Queryable, sql } from '../../regions/sql.ts';

/** Sets whether a company may send events more than 24 hours ahead of the clock. Returns false if it is unknown. */
export async function setFutureTimestamps(
  client: Queryable,
  companyId: string,
  allowed: boolean,
): Promise<boolean> {
  const changed = await execute(
    client,
    sql`UPDATE companies SET future_timestamps = ${allowed} WHERE company_id = ${companyId}`,
  );
  return changed === 1;
}
