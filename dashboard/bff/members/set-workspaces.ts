import type { Queryable } from '../database.ts';
import { Problem } from '../errors.ts';

/**
 * Replaces the workspaces of a member.
 * @throws Problem VALIDATION_FAILED if one does not belong to the company
 */
export async function setWorkspaces(
  db: Queryable,
  companyId: string,
  userId: string,
  workspaceIds: readonly string[],
): Promise<void> {
  await requireWorkspaces(db, companyId, workspaceIds);
  await db.query('DELETE FROM workspace_members WHERE company_id = $1 AND user_id = $2', [
    companyId,
    userId,
  ]);
  await db.query(
    `INSERT INTO workspace_members (company_id, workspace_id, user_id)
     SELECT DISTINCT $1::uuid, id, $2::uuid FROM unnest($3::uuid[]) id`,
    [companyId, userId, workspaceIds],
  );
}

/** @throws Problem VALIDATION_FAILED if one does not belong to the company */
export async function requireWorkspaces(
  db: Queryable,
  companyId: string,
  workspaceIds: readonly string[],
): Promise<void> {
  const { rowCount } = await db.query(
    'SELECT FROM workspaces WHERE company_id = $1 AND workspace_id = ANY ($2)',
    [companyId, workspaceIds],
  );
  if (rowCount === new Set(workspaceIds).size) return;
  throw new Problem(
    'VALIDATION_FAILED',
    'workspaceIds: names a workspace the company does not have.',
    {
      errors: [{ path: 'workspaceIds', message: 'names a workspace the company does not have' }],
    },
  );
}
