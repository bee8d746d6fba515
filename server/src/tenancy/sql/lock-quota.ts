import { execute, type Queryable, sql } from '../../regions/sql.ts';

/**
 * Prevents other transactions from counting the same quota of the company until this one ends. It uses an advisory
 * lock, because the role of the api may not lock rows of `companies`, and the counted items may not have a row yet.
 */
export async function lockQuota(
  client: Queryable,
  companyId: string,
  quota: string,
): Promise<void> {
  await execute(
    client,
    sql`SELECT pg_advisory_xact_lock(hashtextextended(${`exhibit.quota.${quota}.${companyId}`}, 0))`,
  );
}
