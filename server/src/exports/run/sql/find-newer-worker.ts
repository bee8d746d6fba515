import { type Queryable, query, sql } from '../../../regions/sql.ts';
import { RECENT_SECONDS } from '../../request/sql/count-live-workers.ts';

/** True if a live worker of this region has a higher version. For workers, which may read the table. */
export async function hasNewerWorker(client: Queryable, version: number): Promise<boolean> {
  const [row] = await query(
    client,
    sql<{ found: boolean }>`
      SELECT EXISTS (SELECT FROM workers
        WHERE version > ${version} AND seen_at > now() - make_interval(secs => ${RECENT_SECONDS})) AS found`,
  );
  return row?.found === true;
}
