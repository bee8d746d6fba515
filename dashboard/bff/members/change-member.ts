import type { FastifyInstance } from 'fastify';
import type pg from 'pg';
import { z } from 'zod';
import { administratorOf } from '../auth/caller.ts';
import { type Member, type Role, ROLES } from '../auth/member.ts';
import type { BffDeps } from '../bff-deps.ts';
import { inTransaction } from '../database.ts';
import { Problem } from '../errors.ts';
import { appendEvidence, byMember } from '../evidence/append-evidence.ts';
import { uuidSchema } from '../http/field-schemas.ts';
import { checked, jsonBody } from '../http/json-body.ts';
import { type DescribedMember, describeMember, keptIds, namesOf } from './describe-member.ts';
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
 * PATCH /api/members/:userId {role?, workspaceIds?} → 200 {userId, role}. For OWNER and ADMIN. Only an OWNER may
 * add or change an OWNER, and a company keeps at least one. Takes effect on the person's next request.
 */
export function changeMember(app: FastifyInstance, deps: BffDeps): void {
  app.patch<MemberParams>('/members/:userId', async (request) => {
    const caller = await administratorOf(deps, request);
    const userId = checked(uuidSchema, request.params.userId);
    const { role, workspaceIds } = jsonBody(request, bodySchema);
    const { companyId } = caller.member;
    return inTransaction(deps.pool, async (client) => {
      const memberBefore = await lockedMember(client, companyId, userId);
      const before = memberBefore.role;
      const after = role ?? before;
      requireOwnerFor(caller.member, [before, after]);
      if (before === 'OWNER' && after !== 'OWNER') await keepAnOwner(client, companyId, userId);
      await client.query('UPDATE members SET role = $3 WHERE company_id = $1 AND user_id = $2', [
        companyId,
        userId,
        after,
      ]);
      if (workspaceIds !== undefined) await setWorkspaces(client, companyId, userId, workspaceIds);
      const memberAfter = await lockedMember(client, companyId, userId);
      await appendEvidence(client, {
        ...byMember(caller),
        action: 'MEMBER_CHANGED',
        subjectId: userId,
        details: {
          email: memberAfter.email,
          name: memberAfter.name,
          before,
          role: after,
          ...(workspaceIds !== undefined && { workspaceIds: keptIds(workspaceIds) }),
          changes: changesOf(memberBefore, memberAfter),
        },
      });
      return { userId, role: after };
    });
  });
}

/** Returns a member and locks the row; the company must be locked. @throws Problem NOT_FOUND */
export async function lockedMember(
  client: pg.PoolClient,
  companyId: string,
  userId: string,
): Promise<DescribedMember> {
  await lockCompany(client, companyId);
  const member = await describeMember(client, companyId, userId);
  if (member === undefined) throw new Problem('NOT_FOUND', 'This member does not exist.');
  return member;
}

/** The changes of role and workspaces, with current names. */
function changesOf(before: DescribedMember, after: DescribedMember) {
  const places = [namesOf(before.workspaces), namesOf(after.workspaces)] as const;
  return {
    ...(before.role !== after.role && { role: { before: before.role, after: after.role } }),
    ...(JSON.stringify(places[0]) !== JSON.stringify(places[1]) && {
      workspaces: { before: places[0], after: places[1] },
    }),
  };
}

/** @throws Problem PERMISSION_DENIED if one of the roles is OWNER and the caller is not an owner */
export function requireOwnerFor(member: Member, roles: readonly Role[]): void {
  if (member.role === 'OWNER' || !roles.includes('OWNER')) return;
  throw new Problem('PERMISSION_DENIED', 'Only an owner can add, change or remove an owner.');
}

/** @throws Problem LAST_OWNER */
export async function keepAnOwner(
  client: pg.PoolClient,
  companyId: string,
  userId: string,
): Promise<void> {
  const { rowCount } = await client.query(
    `SELECT FROM members WHERE company_id = $1 AND user_id <> $2 AND role = 'OWNER' LIMIT 1`,
    [companyId, userId],
  );
  if (rowCount === 0) throw new Problem('LAST_OWNER', 'Make another member an owner first.');
}
