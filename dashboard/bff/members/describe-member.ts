import type { Role } from '../auth/member.ts';
import type { Queryable } from '../database.ts';

/** An id with its current name. */
export interface Labeled {
  readonly id: string;
  readonly name: string;
}

/** A member as stored in evidence: readable after the person or a workspace was deleted. */
export interface DescribedMember {
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly workspaces: readonly Labeled[];
}

/** Maximum entries of a list in evidence, which also has the total number. */
const MAX_LABELS = 200;

/** A member with the names of their workspaces; undefined if the company has no such member. */
export async function describeMember(
  db: Queryable,
  companyId: string,
  userId: string,
): Promise<DescribedMember | undefined> {
  const { rows } = await db.query<DescribedMember>(
    `SELECT u.email, u.name, m.role,
            coalesce((SELECT json_agg(json_build_object('id', w.workspace_id, 'name', w.name) ORDER BY lower(w.name))
                        FROM workspace_members o
                        JOIN workspaces w ON w.company_id = o.company_id AND w.workspace_id = o.workspace_id
                       WHERE o.company_id = m.company_id AND o.user_id = m.user_id), '[]') AS workspaces
       FROM members m JOIN "user" u ON u.id = m.user_id
      WHERE m.company_id = $1 AND m.user_id = $2`,
    [companyId, userId],
  );
  return rows[0];
}

/** Workspaces of a company with their names. */
export async function labelWorkspaces(
  db: Queryable,
  companyId: string,
  workspaceIds: readonly string[],
): Promise<readonly Labeled[]> {
  if (workspaceIds.length === 0) return [];
  const { rows } = await db.query<Labeled>(
    `SELECT workspace_id AS id, name FROM workspaces
      WHERE company_id = $1 AND workspace_id = ANY ($2) ORDER BY lower(name) LIMIT $3`,
    [companyId, workspaceIds, MAX_LABELS],
  );
  return rows;
}

/** The names for evidence; a truncated list has the total number. */
export function namesOf(things: readonly { readonly name: string }[]): readonly string[] {
  const names = things.slice(0, MAX_LABELS).map(({ name }) => name);
  return things.length > MAX_LABELS ? [...names, `… ${things.length} in all`] : names;
}

/** Ids for evidence, limited to the maximum number. */
export function keptIds(ids: readonly string[]): readonly string[] {
  return ids.slice(0, MAX_LABELS);
}
