import { execute, type Queryable, sql } from '../../regions/sql.ts';

/**
 * Makes this transaction the only one that counts what the company has of something, until it ends. An advisory
 * lock: the role of the api may not lock rows of `companies`, and what is counted may have no row yet.
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
