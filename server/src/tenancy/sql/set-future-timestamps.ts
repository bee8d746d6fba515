import { execute, type Queryable, sql } from '../../regions/sql.ts';

/** Lets a company send events more than 24 hours ahead of the clock, or no longer. False: unknown company. */
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
