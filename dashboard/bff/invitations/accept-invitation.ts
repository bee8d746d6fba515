import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { originOf } from '../auth/caller.ts';
import { insertUser } from '../auth/insert-user.ts';
import { findMember } from '../auth/member.ts';
import { startSession } from '../auth/sign-in.ts';
import type { BffDeps } from '../bff-deps.ts';
import { inTransaction, type Queryable } from '../database.ts';
import { Problem } from '../errors.ts';
import { appendEvidence, byMember } from '../evidence/append-evidence.ts';
import { nameSchema, passwordSchema } from '../http/field-schemas.ts';
import { jsonBody } from '../http/json-body.ts';
import { OPEN_DOOR } from '../http/require-session-before-body.ts';
import { labelWorkspaces, namesOf } from '../members/describe-member.ts';
import { lockCompany } from '../members/lock-company.ts';
import { hashSecret } from './create-invitation.ts';

const secretSchema = z.string().min(1).max(200);
const lookSchema = z.strictObject({ secret: secretSchema });
const acceptSchema = z.strictObject({
  secret: secretSchema,
  name: nameSchema(120),
  password: passwordSchema,
});

interface Invitation {
  readonly companyId: string;
  readonly companyName: string;
  readonly id: string;
  readonly email: string;
  readonly role: string;
  readonly workspaceIds: readonly string[];
}

/**
 * POST /api/invitations/look {secret} → {email, companyName, role}: describes an invitation without accepting it.
 * POST /api/invitations/accept {secret, name, password} → 201 {user} and the cookie; works once.
 */
export function acceptInvitation(app: FastifyInstance, deps: BffDeps): void {
  app.post('/invitations/look', OPEN_DOOR, async (request) => {
    const { email, companyName, role } = await openInvitation(
      deps.pool,
      jsonBody(request, lookSchema).secret,
    );
    return { email, companyName, role };
  });

  app.post('/invitations/accept', OPEN_DOOR, async (request, reply) => {
    const { secret, name, password } = jsonBody(request, acceptSchema);
    const email = await inTransaction(deps.pool, async (client) => {
      const { companyId } = await openInvitation(client, secret);
      await lockCompany(client, companyId);
      // Checked again under the lock: no other request can accept it now.
      const invitation = await openInvitation(client, secret);
      const userId = await insertUser(client, { email: invitation.email, name, password });
      await client.query('INSERT INTO members (company_id, user_id, role) VALUES ($1, $2, $3)', [
        companyId,
        userId,
        invitation.role,
      ]);
      await client.query(
        `INSERT INTO workspace_members (company_id, workspace_id, user_id)
         SELECT company_id, workspace_id, $2 FROM workspaces WHERE company_id = $1 AND workspace_id = ANY ($3)`,
        [companyId, userId, invitation.workspaceIds],
      );
      await client.query(
        'UPDATE invitations SET accepted_at = now() WHERE company_id = $1 AND invitation_id = $2',
        [companyId, invitation.id],
      );
      const member = await findMember(client, userId);
      if (member === undefined) throw new Error('the member that was just created is missing');
      await appendEvidence(client, {
        ...byMember({ member, origin: originOf(request) }),
        action: 'MEMBER_JOINED',
        subjectId: userId,
        details: {
          email: member.email,
          name: member.name,
          role: member.role,
          invitationId: invitation.id,
          workspaces: namesOf(await labelWorkspaces(client, companyId, member.workspaceIds)),
        },
      });
      return member.email;
    });
    reply.code(201);
    return startSession(deps, request, reply, { email, password, rememberMe: true });
  });
}

/** @throws Problem INVITATION_INVALID, the same for every reason */
async function openInvitation(db: Queryable, secret: string): Promise<Invitation> {
  const { rows } = await db.query<Invitation>(
    `SELECT i.company_id AS "companyId", c.name AS "companyName", i.invitation_id AS id, i.email, i.role,
            i.workspace_ids::text[] AS "workspaceIds"
       FROM invitations i JOIN companies c ON c.company_id = i.company_id
      WHERE i.secret_hash = $1 AND i.accepted_at IS NULL AND i.expires_at > now()`,
    [hashSecret(secret)],
  );
  if (rows[0] === undefined) {
    throw new Problem(
      'INVITATION_INVALID',
      'This link has been used, revoked or expired. Ask for a new one.',
    );
  }
  return rows[0];
}
