import type { FastifyInstance } from 'fastify';
import { administratorOf } from '../auth/caller.ts';
import type { Role } from '../auth/member.ts';
import type { BffDeps } from '../bff-deps.ts';

interface MemberRow {
  readonly userId: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly workspaceIds: readonly string[];
  readonly joinedAt: Date;
}

/** GET /api/members → {data:[{userId, email, name, role, workspaceIds, joinedAt}], nextCursor: null}, for OWNER and ADMIN. */
export function listMembers(app: FastifyInstance, deps: BffDeps): void {
  app.get('/members', async (request) => {
    const { member } = await administratorOf(deps, request);
    const { rows } = await deps.pool.query<MemberRow>(
      `SELECT m.user_id AS "userId", u.email, u.name, m.role, m.created_at AS "joinedAt",
              ARRAY(SELECT w.workspace_id FROM workspace_members w
                     WHERE w.company_id = m.company_id AND w.user_id = m.user_id
                     ORDER BY w.workspace_id)::text[] AS "workspaceIds"
         FROM members m JOIN "user" u ON u.id = m.user_id
        WHERE m.company_id = $1 ORDER BY u.email COLLATE "C"`,
      [member.companyId],
    );
    return {
      data: rows.map((row) => ({ ...row, joinedAt: row.joinedAt.toISOString() })),
      nextCursor: null,
    };
  });
}
