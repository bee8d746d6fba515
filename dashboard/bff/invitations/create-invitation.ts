import { createHash, randomBytes } from 'node:crypto';
import type { Role } from '../auth/member.ts';
import type { Queryable } from '../database.ts';
import { type Actor, appendEvidence, type EvidenceEntry } from '../evidence/append-evidence.ts';
import { keptIds, labelWorkspaces, namesOf } from '../members/describe-member.ts';
import { uuidV7 } from '../uuid.ts';

const LIFETIME_DAYS = 7;

interface NewInvitation {
  readonly companyId: string;
  /** Lower case. */
  readonly email: string;
  readonly role: Role;
  readonly workspaceIds: readonly string[];
  /** A user's id, or the nil UUID: the operator. */
  readonly invitedBy: string;
  readonly actor: Actor;
  readonly origin: EvidenceEntry['origin'];
}

export interface Invitation {
  readonly id: string;
  /** Shown once and not stored. */
  readonly url: string;
  /** ISO 8601. */
  readonly expiresAt: string;
}

/** The hash by which a link's secret is looked up; the secret itself is not stored. */
export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** Writes an invitation and its evidence; call it in a transaction. */
export async function createInvitation(
  db: Queryable,
  publicUrl: string,
  { companyId, email, role, workspaceIds, invitedBy, actor, origin }: NewInvitation,
): Promise<Invitation> {
  const secret = randomBytes(32).toString('base64url');
  const id = uuidV7();
  const { rows } = await db.query<{ expiresAt: Date }>(
    `INSERT INTO invitations (company_id, invitation_id, secret_hash, email, role, workspace_ids, invited_by, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, now() + make_interval(days => $8)) RETURNING expires_at AS "expiresAt"`,
    [companyId, id, hashSecret(secret), email, role, workspaceIds, invitedBy, LIFETIME_DAYS],
  );
  if (rows[0] === undefined) throw new Error('the invitation was not stored');
  await appendEvidence(db, {
    companyId,
    actor,
    origin,
    action: 'MEMBER_INVITED',
    subjectId: id,
    details: {
      email,
      role,
      workspaceIds: keptIds(workspaceIds),
      workspaces: namesOf(await labelWorkspaces(db, companyId, workspaceIds)),
    },
  });
  // After the #: browsers do not send the fragment, so proxies do not log the secret.
  return {
    id,
    url: `${publicUrl}/invitation#${secret}`,
    expiresAt: rows[0].expiresAt.toISOString(),
  };
}
