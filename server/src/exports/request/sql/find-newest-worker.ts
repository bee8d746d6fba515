import { type Queryable, query, sql } from '../../../regions/sql.ts';
import { RECENT_SECONDS } from './count-live-workers.ts';

/** Highest version of the live workers of this region; undefined without live workers. */
export async function findNewestWorker(client: Queryable): Promise<number | undefined> {
  const [row] = await query(
    client,
    sql<{
      version: number | null;
    }>`SELECT exhibit_newest_worker(make_interval(secs => ${RECENT_SECONDS})) AS version`,
  );
  return row?.version ?? undefined;
}
