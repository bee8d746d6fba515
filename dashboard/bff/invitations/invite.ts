import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { administratorOf } from '../auth/caller.ts';
import { ROLES } from '../auth/member.ts';
import type { BffDeps } from '../bff-deps.ts';
import { requireRoom } from '../companies/require-room.ts';
import { inTransaction, type Queryable } from '../database.ts';
import { Problem } from '../errors.ts';
import { appendEvidence, byMember } from '../evidence/append-evidence.ts';
import { emailSchema, uuidSchema } from '../http/field-schemas.ts';
import { checked, jsonBody } from '../http/json-body.ts';
import { lockCompany } from '../members/lock-company.ts';
import { requireWorkspaces } from '../members/set-workspaces.ts';
import { createInvitation } from './create-invitation.ts';

const bodySchema = z.strictObject({
  email: emailSchema,
  role: z.enum(ROLES),
  workspaceIds: z.array(uuidSchema).max(10_000).default([]),
});

interface InvitationRow {
  readonly id: string;
  readonly email: string;
  readonly role: string;
  readonly workspaceIds: readonly string[];
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/**
 * POST /api/invitations {email, role, workspaceIds?} → 201 {id, url, expiresAt}; the link is shown once. GET lists
 * the open ones, DELETE /api/invitations/:invitationId revokes one (204). For OWNER and ADMIN.
 */
export function invite(app: FastifyInstance, deps: BffDeps): void {
  app.post('/invitations', async (request, reply) => {
    const caller = await administratorOf(deps, request);
    const { email, role, workspaceIds } = jsonBody(request, bodySchema);
    const { companyId, userId } = caller.member;
    if (role === 'OWNER' && caller.member.role !== 'OWNER') {
      throw new Problem('PERMISSION_DENIED', 'Only an owner can invite an owner.');
    }
    const invitation = await inTransaction(deps.pool, async (client) => {
      await requireWorkspaces(client, companyId, workspaceIds);
      await lockCompany(client, companyId);
      requireRoom('invitations', await countOpen(client, companyId), deps.settings.quotas);
      return createInvitation(client, deps.settings.publicUrl, {
        ...byMember(caller),
        email,
        role,
        workspaceIds,
        invitedBy: userId,
      });
    });
    return reply.code(201).send(invitation);
  });

  app.get('/invitations', async (request) => {
    const { member } = await administratorOf(deps, request);
    const { rows } = await deps.pool.query<InvitationRow>(
      `SELECT invitation_id AS id, email, role, workspace_ids::text[] AS "workspaceIds", created_at AS "createdAt",
              expires_at AS "expiresAt"
         FROM invitations WHERE company_id = $1 AND accepted_at IS NULL AND expires_at > now() ORDER BY invitation_id`,
      [member.companyId],
    );
    return { data: rows, nextCursor: null };
  });

  app.delete<{ Params: { invitationId: string } }>(
    '/invitations/:invitationId',
    async (request, reply) => {
      const caller = await administratorOf(deps, request);
      const id = checked(uuidSchema, request.params.invitationId);
      await inTransaction(deps.pool, async (client) => {
        const { rows } = await client.query<{ email: string; role: string }>(
          `DELETE FROM invitations WHERE company_id = $1 AND invitation_id = $2 AND accepted_at IS NULL
           RETURNING email, role`,
          [caller.member.companyId, id],
        );
        const [revoked] = rows;
        if (revoked === undefined)
          throw new Problem('NOT_FOUND', 'This invitation does not exist.');
        await appendEvidence(client, {
          ...byMember(caller),
          action: 'MEMBER_INVITATION_REVOKED',
          subjectId: id,
          details: revoked,
        });
      });
      return reply.code(204).send();
    },
  );
}

async function countOpen(db: Queryable, companyId: string): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `SELECT count(*) AS count FROM invitations
      WHERE company_id = $1 AND accepted_at IS NULL AND expires_at > now()`,
    [companyId],
  );
  return rows[0]?.count ?? 0;
}
