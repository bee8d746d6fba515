import { type Queryable, query, sql } from '../../../regions/sql.ts';
import { LEASE_SECONDS } from './claim-export.ts';

/**
 * Corrects timestamps after the database clock moved backwards: reduces those that are too far in the future to their
 * maximum, so that no export waits until the clock has caught up. Does nothing in a region without the migration.
 * @returns the number of corrected leases, queue entries and tasks of the region
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
