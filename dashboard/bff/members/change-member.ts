import type { FastifyInstance } from 'fastify';
import type pg from 'pg';
import { z } from 'zod';
import { administratorOf } from '../auth/caller.ts';
import { type Member, type Role, ROLES } from '../auth/member.ts';
import type { BffDeps } from '../bff-deps.ts';
import { inTransaction } from '../database.ts';
import { Problem } from '../errors.ts';
import { appendEvidence, byMember } from '../evidence/append-evidence.ts';
import { checked, jsonBody, uuidSchema } from '../http/json-body.ts';
import { lockCompany } from './lock-company.ts';
import { setWorkspaces } from './set-workspaces.ts';

const bodySchema = z
  .strictObject({
    role: z.enum(ROLES).optional(),
    workspaceIds: z.array(uuidSchema).max(10_000).optional(),
  })
  .refine(
    ({ role, workspaceIds }) => role !== undefined || workspaceIds !== undefined,
    'say role or workspaceIds',
  );

type MemberParams = { Params: { userId: string } };

/**
 * PATCH /api/members/:userId {role?, workspaceIds?} → 200 {userId, role}; DELETE → 204. For OWNER and ADMIN; only an
 * OWNER makes, changes or removes an OWNER, and a company keeps one. Takes effect with the person's next request.
 */
export function changeMember(app: FastifyInstance, deps: BffDeps): void {
  app.patch<MemberParams>('/members/:userId', async (request) => {
    const caller = await administratorOf(deps, request);
    const userId = checked(uuidSchema, request.params.userId);
    const { role, workspaceIds } = jsonBody(request, bodySchema);
    const { companyId } = caller.member;
    return inTransaction(deps.pool, async (client) => {
      const before = await lockedRole(client, companyId, userId);
      const after = role ?? before;
      requireOwnerFor(caller.member, [before, after]);
      if (before === 'OWNER' && after !== 'OWNER') await keepAnOwner(client, companyId, userId);
      await client.query('UPDATE members SET role = $3 WHERE company_id = $1 AND user_id = $2', [
        companyId,
        userId,
        after,
      ]);
      if (workspaceIds !== undefined) await setWorkspaces(client, companyId, userId, workspaceIds);
      await appendEvidence(client, {
        ...byMember(caller),
        action: 'MEMBER_CHANGED',
        subjectId: userId,
        details: { before, role: after, ...(workspaceIds === undefined ? {} : { workspaceIds }) },
      });
      return { userId, role: after };
    });
  });

  app.delete<MemberParams>('/members/:userId', async (request, reply) => {
    const caller = await administratorOf(deps, request);
    const userId = checked(uuidSchema, request.params.userId);
    const { companyId } = caller.member;
    await inTransaction(deps.pool, async (client) => {
      const role = await lockedRole(client, companyId, userId);
      requireOwnerFor(caller.member, [role]);
      if (role === 'OWNER') await keepAnOwner(client, companyId, userId);
      // The account goes along: it belongs to this company only. Evidence keeps its id and email.
      await client.query('DELETE FROM "user" WHERE id = $1', [userId]);
      await appendEvidence(client, {
        ...byMember(caller),
        action: 'MEMBER_REMOVED',
        subjectId: userId,
        details: { role },
      });
    });
    return reply.code(204).send();
  });
}

async function lockedRole(client: pg.PoolClient, companyId: string, userId: string): Promise<Role> {
  await lockCompany(client, companyId);
  const { rows } = await client.query<{ role: Role }>(
    'SELECT role FROM members WHERE company_id = $1 AND user_id = $2',
    [companyId, userId],
  );
  if (rows[0] === undefined) throw new Problem('NOT_FOUND', 'There is no such member.');
  return rows[0].role;
}

function requireOwnerFor(member: Member, roles: readonly Role[]): void {
  if (member.role === 'OWNER' || !roles.includes('OWNER')) return;
  throw new Problem('PERMISSION_DENIED', 'Only an owner makes, changes or removes an owner.');
}

async function keepAnOwner(
  client: pg.PoolClient,
  companyId: string,
  userId: string,
): Promise<void> {
  const { rowCount } = await client.query(
    `SELECT FROM members WHERE company_id = $1 AND user_id <> $2 AND role = 'OWNER' LIMIT 1`,
    [companyId, userId],
  );
  if (rowCount === 0) throw new Problem('LAST_OWNER', 'Make somebody else an owner first.');
}
