import type { Cut } from '../../query/event-filter.ts';
import { type Queryable, query, sql } from '../../../regions/sql.ts';

/**
 * The newest event number of each workspace. A head is locked until its writer commits, so `seq <= head` is
 * exactly the events that had committed when this statement began.
 */
export async function readHeads(
  client: Queryable,
  companyId: string,
  workspaceIds: readonly string[],
): Promise<Cut> {
  const rows = await query(
    client,
    sql<{ workspace_id: string; seq: number }>`
      SELECT workspace_id, seq FROM workspace_heads
      WHERE company_id = ${companyId} AND workspace_id = ANY(${[...workspaceIds]}::uuid[])
      ORDER BY workspace_id`,
  );
  return Object.fromEntries(rows.map((row) => [row.workspace_id, row.seq]));
}
