import { execute, type Queryable, sql } from '../../../regions/sql.ts';

/** Advances the head of a workspace past the rows just stored; the caller holds its lock. */
export async function advanceHead(
  client: Queryable,
  companyId: string,
  workspaceId: string,
  stored: number,
): Promise<void> {
  await execute(
    client,
    sql`UPDATE workspace_heads SET seq = seq + ${stored}
        WHERE company_id = ${companyId} AND workspace_id = ${workspaceId}`,
    'advance-head',
  );
}
