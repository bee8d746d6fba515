import type { Cut } from '../../query/event-filter.ts';
import { type Queryable, query, sql } from '../../../regions/sql.ts';

/**
 * Newest event number of each workspace. A writer keeps the head locked until it commits, so `seq <= head` selects
 * exactly the events that were committed when this statement started.
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
