import { type Queryable, query, sql } from '../../../regions/sql.ts';
import { LEASE_SECONDS } from './claim-export.ts';

/**
 * After the database's clock was put back: brings what lies ahead of it to what it can be at most, so that no
 * export waits until the clock has caught up. Does nothing in a region that has not been migrated so far.
 * @returns how many leases, queue entries and tasks of the region lay ahead
 */
export async function clampFutureTimestamps(client: Queryable): Promise<number> {
  const [region] = await query(
    client,
    sql<{
      found: boolean;
    }>`SELECT to_regprocedure('exhibit_heed_clock(interval)') IS NOT NULL AS found`,
  );
  if (region?.found !== true) return 0;
  const [row] = await query(
    client,
    sql<{
      ahead: number;
    }>`SELECT exhibit_heed_clock(make_interval(secs => ${LEASE_SECONDS})) AS ahead`,
  );
  return row?.ahead ?? 0;
}
