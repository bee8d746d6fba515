import { type Queryable, query, sql } from '../../../regions/sql.ts';

/**
 * Locks the heads of the workspaces, in id order so that two batches cannot deadlock.
 * @returns the workspaces found; a missing one does not belong to the company
 */
export async function lockHeads(
  client: Queryable,
  companyId: string,
  workspaceIds: readonly string[],
): Promise<Set<string>> {
  const rows = await query(
    client,
    sql<{ workspace_id: string }>`
      SELECT workspace_id FROM workspace_heads
      WHERE company_id = ${companyId} AND workspace_id = ANY(${[...workspaceIds]}::uuid[])
      ORDER BY workspace_id
      FOR UPDATE`,
    'lock-heads',
  );
  return new Set(rows.map((row) => row.workspace_id));
}
