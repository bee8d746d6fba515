import type { Queryable } from '../database.ts';

export const ROLES = ['OWNER', 'ADMIN', 'BILLING', 'MEMBER'] as const;
export type Role = (typeof ROLES)[number];

/** A person's current membership in their company. */
export interface Member {
  readonly userId: string;
  readonly email: string;
  readonly name: string;
  readonly companyId: string;
  readonly companyName: string;
  readonly region: string;
  readonly role: Role;
  /** The workspaces of a MEMBER; empty for other roles, which have access to all. */
  readonly workspaceIds: readonly string[];
}

/** Read for every request: a changed role or workspace takes effect on the next one. */
export async function findMember(db: Queryable, userId: string): Promise<Member | undefined> {
  const { rows } = await db.query<Member>(
    `SELECT u.id AS "userId", u.email, u.name, c.company_id AS "companyId", c.name AS "companyName", c.region, m.role,
            ARRAY(SELECT w.workspace_id FROM workspace_members w
                   WHERE m.role = 'MEMBER' AND w.company_id = m.company_id AND w.user_id = m.user_id
                   ORDER BY w.workspace_id)::text[] AS "workspaceIds"
       FROM members m
       JOIN companies c ON c.company_id = m.company_id
       JOIN "user" u ON u.id = m.user_id
      WHERE m.user_id = $1`,
    [userId],
  );
  return rows[0];
}

/** True if the person has access to every one of the workspaces. */
export function covers(member: Member, workspaceIds: readonly string[]): boolean {
  return member.role !== 'MEMBER' || workspaceIds.every((id) => member.workspaceIds.includes(id));
}

/** True for OWNER and ADMIN, who manage members and workspaces and read the evidence. */
export function mayAdminister({ role }: Member): boolean {
  return role === 'OWNER' || role === 'ADMIN';
}
