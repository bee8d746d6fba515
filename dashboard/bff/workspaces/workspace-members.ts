import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { administratorOf } from '../auth/caller.ts';
import type { BffDeps } from '../bff-deps.ts';
import { inTransaction } from '../database.ts';
import { Problem } from '../errors.ts';
import { appendEvidence, byMember } from '../evidence/append-evidence.ts';
import { checked, jsonBody, uuidSchema } from '../http/json-body.ts';
import { lockCompany } from '../members/lock-company.ts';

const bodySchema = z.strictObject({ userIds: z.array(uuidSchema).max(10_000) });

/** PUT /api/workspaces/:workspaceId/members {userIds} → 200 {userIds}: exactly these members belong to it from now on. */
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
        const workspace = await client.query(
          'SELECT FROM workspaces WHERE company_id = $1 AND workspace_id = $2',
          [companyId, workspaceId],
        );
        if (workspace.rowCount === 0) throw new Problem('NOT_FOUND', 'There is no such workspace.');
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
            'userIds: names somebody who is not a member of the company.',
            {
              errors: [
                { path: 'userIds', message: 'names somebody who is not a member of the company' },
              ],
            },
          );
        }
        await appendEvidence(client, {
          ...byMember(caller),
          action: 'WORKSPACE_MEMBERS_CHANGED',
          subjectId: workspaceId,
          details: { userIds },
        });
      });
      return { userIds };
    },
  );
}
