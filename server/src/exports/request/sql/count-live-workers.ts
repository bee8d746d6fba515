import { type Queryable, query, sql } from '../../../regions/sql.ts';

/** Five heartbeats, so that a busy worker still counts. */
export const RECENT_SECONDS = 10;

/** Number of workers of this region that reported recently; companies share them. */
export async function countLiveWorkers(client: Queryable): Promise<number> {
  const [row] = await query(
    client,
    sql<{
      live: number;
    }>`SELECT exhibit_live_workers(make_interval(secs => ${RECENT_SECONDS})) AS live`,
  );
  return row?.live ?? 0;
}
