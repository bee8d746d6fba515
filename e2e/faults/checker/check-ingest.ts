import type pg from 'pg';
import type { Evidence } from './evidence.ts';

/** Checks that every acknowledged event is stored once, numbers have no gaps and the rollup has the same counts. */
export async function checkIngest(
  client: pg.Client,
  { companyId, acknowledgedEvents }: Evidence,
): Promise<string[]> {
  const wrong: string[] = [];
  // Ingest continues, so only events acknowledged before this query must be stored.
  const promised = [...acknowledgedEvents];
  const found = await client.query<{ id: string; count: string }>(
    `SELECT id, count(*)::text FROM events WHERE company_id = $1 AND category = 'late' GROUP BY id`,
    [companyId],
  );
  const counts = new Map(found.rows.map(({ id, count }) => [id, count]));
  for (const id of promised)
    if (counts.get(id) !== '1')
      wrong.push(`event ${id} was acknowledged, found ${counts.get(id) ?? 0}`);
  const numbers = await client.query<{ workspace_id: string; right: boolean }>(
    `SELECT h.workspace_id, h.seq = count(e.*) AND h.seq = count(DISTINCT e.seq) AND coalesce(max(e.seq), 0) = h.seq AS right
     FROM workspace_heads h LEFT JOIN events e ON e.company_id = h.company_id AND e.workspace_id = h.workspace_id
     WHERE h.company_id = $1 GROUP BY h.workspace_id, h.seq`,
    [companyId],
  );
  for (const { workspace_id, right } of numbers.rows)
    if (!right) wrong.push(`numbers of workspace ${workspace_id} have a gap or a duplicate`);
  const sums = await client.query<{ right: boolean }>(
    `SELECT (SELECT coalesce(sum(count), 0) FROM (
         SELECT count FROM event_rollup WHERE company_id = $1
         UNION ALL SELECT count FROM event_rollup_deltas WHERE company_id = $1) c)
       = (SELECT count(*) FROM events WHERE company_id = $1) AS right`,
    [companyId],
  );
  if (sums.rows[0]?.right !== true) wrong.push('the rollup does not match the number of events');
  return wrong;
}
