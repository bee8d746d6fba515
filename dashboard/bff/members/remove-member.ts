import type { FastifyInstance } from 'fastify';
import type pg from 'pg';
import { z } from 'zod';
import { administratorOf } from '../auth/caller.ts';
import type { Caller } from '../auth/request-origin.ts';
import type { BffDeps } from '../bff-deps.ts';
import { inTransaction } from '../database.ts';
import { appendEvidence, byMember } from '../evidence/append-evidence.ts';
import { uuidSchema } from '../http/field-schemas.ts';
import { checked } from '../http/json-body.ts';
import { type CreatedKey, keysOfCreator, revokeKeys } from '../keys/keys-of-creator.ts';
import { keepAnOwner, lockedMember, requireOwnerFor } from './change-member.ts';
import { type DescribedMember, namesOf } from './describe-member.ts';

const querySchema = z.strictObject({
  revokeKeys: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true'),
});

/**
 * DELETE /api/members/:userId → 204, for OWNER and ADMIN; only an OWNER removes an OWNER, and a company keeps one.
 * `revokeKeys=true` also revokes the API keys that the person created, before the removal. Evidence names the person and
 * which of their keys were revoked or still work.
 */
export function removeMember(app: FastifyInstance, deps: BffDeps): void {
  app.delete<{ Params: { userId: string } }>('/members/:userId', async (request, reply) => {
    const caller = await administratorOf(deps, request);
    const userId = checked(uuidSchema, request.params.userId);
    const { revokeKeys: wanted } = checked(querySchema, request.query);
    // Checked first, so that no key is revoked for a removal that is then rejected.
    await inTransaction(deps.pool, (client) => removable(client, caller, userId));
    const keys = await keysFor(deps, caller, userId, wanted);
    await inTransaction(deps.pool, async (client) => {
      const { email, name, role, workspaces } = await removable(client, caller, userId);
      // The account belongs to this company only and is deleted too. Evidence keeps its id, name and email address.
      await client.query('DELETE FROM "user" WHERE id = $1', [userId]);
      await appendEvidence(client, {
        ...byMember(caller),
        action: 'MEMBER_REMOVED',
        subjectId: userId,
        details: { email, name, role, workspaces: namesOf(workspaces), ...keys },
      });
    });
    return reply.code(204).send();
  });
}

/** The member, locked. @throws Problem NOT_FOUND, PERMISSION_DENIED, LAST_OWNER */
async function removable(
  client: pg.PoolClient,
  caller: Caller,
  userId: string,
): Promise<DescribedMember> {
  const { companyId } = caller.member;
  const member = await lockedMember(client, companyId, userId);
  requireOwnerFor(caller.member, [member.role]);
  if (member.role === 'OWNER') await keepAnOwner(client, companyId, userId);
  return member;
}

interface KeysDetails {
  readonly keysRevoked?: readonly CreatedKey[];
  /** null: the api could not be reached. */
  readonly keysKept?: readonly CreatedKey[] | null;
}

/** Revokes the person's keys if requested, and returns the result. @throws Problem API_UNAVAILABLE if requested */
async function keysFor(
  deps: BffDeps,
  caller: Caller,
  userId: string,
  wanted: boolean,
): Promise<KeysDetails> {
  if (!wanted) {
    const kept = await keysOfCreator(deps, caller, userId).catch((error: unknown) => {
      deps.log.warn({ err: error, userId }, 'cannot list the keys of a removed member');
      return null;
    });
    return kept?.length === 0 ? {} : { keysKept: kept };
  }
  const keys = await keysOfCreator(deps, caller, userId);
  await revokeKeys(deps, caller, keys);
  return keys.length === 0 ? {} : { keysRevoked: keys };
}
