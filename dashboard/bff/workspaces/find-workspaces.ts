import type { Member } from '../auth/member.ts';
import type { Queryable } from '../database.ts';

export interface Workspace {
  readonly id: string;
  readonly name: string;
  /** `pending`: not provisioned in its region yet, so it accepts no events. */
  readonly state: 'pending' | 'ready';
  readonly memberIds: readonly string[];
  readonly createdAt: string;
}

/** A person's workspaces, ordered by name: their own for a MEMBER, all of the company for other roles. */
export async function findWorkspaces(db: Queryable, member: Member): Promise<Workspace[]> {
  const { rows } = await db.query<Omit<Workspace, 'createdAt'> & { createdAt: Date }>(
    `SELECT w.workspace_id AS id, w.name, w.created_at AS "createdAt",
            CASE WHEN w.revision > c.provisioned_revision THEN 'pending' ELSE 'ready' END AS state,
            ARRAY(SELECT m.user_id FROM workspace_members m
                   WHERE m.company_id = w.company_id AND m.workspace_id = w.workspace_id
                   ORDER BY m.user_id)::text[] AS "memberIds"
       FROM workspaces w
       JOIN companies c ON c.company_id = w.company_id
      WHERE w.company_id = $1 AND ($2::uuid[] IS NULL OR w.workspace_id = ANY ($2))
      ORDER BY lower(w.name)`,
    [member.companyId, member.role === 'MEMBER' ? member.workspaceIds : null],
  );
  return rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() }));
}
