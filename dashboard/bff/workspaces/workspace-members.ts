import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { administratorOf } from '../auth/caller.ts';
import type { BffDeps } from '../bff-deps.ts';
import { inTransaction, type Queryable } from '../database.ts';
import { Problem } from '../errors.ts';
import { appendEvidence, byMember } from '../evidence/append-evidence.ts';
import { uuidSchema } from '../http/field-schemas.ts';
import { checked, jsonBody } from '../http/json-body.ts';
import { keptIds, labelWorkspaces, namesOf } from '../members/describe-member.ts';
import { lockCompany } from '../members/lock-company.ts';

const bodySchema = z.strictObject({ userIds: z.array(uuidSchema).max(10_000) });

/** PUT /api/workspaces/:workspaceId/members {userIds} → 200 {userIds}: replaces the members of a workspace. */
export function workspaceMembers(app: FastifyInstance, deps: BffDeps): void {
  app.put<{ Params: { workspaceId: string } }>(
    '/workspaces/:workspaceId/members',
    async (request) => {
      const caller = await administratorOf(deps, request);
      const workspaceId = checked(uuidSchema, request.params.workspaceId);
      const userIds = [...new Set(jsonBody(request, bodySchema).userIds)].sort();
      const { companyId } = caller.member;
      await inTransaction(deps.pool, async (client) => {
        await lockCompany(client, companyId);
        const [workspace] = await labelWorkspaces(client, companyId, [workspaceId]);
        if (workspace === undefined)
          throw new Problem('NOT_FOUND', 'This workspace does not exist.');
        const before = await emailsIn(client, companyId, workspaceId);
        await client.query(
          'DELETE FROM workspace_members WHERE company_id = $1 AND workspace_id = $2',
          [companyId, workspaceId],
        );
        const { rowCount } = await client.query(
          `INSERT INTO workspace_members (company_id, workspace_id, user_id)
         SELECT company_id, $2, user_id FROM members WHERE company_id = $1 AND user_id = ANY ($3)`,
          [companyId, workspaceId, userIds],
        );
        if (rowCount !== userIds.length) {
          throw new Problem(
            'VALIDATION_FAILED',
            'userIds: contains a person who is not a member of the company.',
            {
              errors: [
                {
                  path: 'userIds',
                  message: 'contains a person who is not a member of the company',
                },
              ],
            },
          );
        }
        await appendEvidence(client, {
          ...byMember(caller),
          action: 'WORKSPACE_MEMBERS_CHANGED',
          subjectId: workspaceId,
          details: {
            name: workspace.name,
            userIds: keptIds(userIds),
            changes: membersChange(before, await emailsIn(client, companyId, workspaceId)),
          },
        });
      });
      return { userIds };
    },
  );
}

async function emailsIn(db: Queryable, companyId: string, workspaceId: string): Promise<string[]> {
  const { rows } = await db.query<{ email: string }>(
    `SELECT u.email FROM workspace_members m JOIN "user" u ON u.id = m.user_id
      WHERE m.company_id = $1 AND m.workspace_id = $2 ORDER BY u.email COLLATE "C"`,
    [companyId, workspaceId],
  );
  return rows.map(({ email }) => email);
}

/** The members that were added and removed. */
function membersChange(before: readonly string[], after: readonly string[]) {
  const [old, now] = [new Set(before), new Set(after)];
  const list = (emails: readonly string[]) => namesOf(emails.map((name) => ({ name })));
  return {
    members: {
      before: list(before),
      after: list(after),
      added: list(after.filter((email) => !old.has(email))),
      removed: list(before.filter((email) => !now.has(email))),
    },
  };
}
