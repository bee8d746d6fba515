import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import type { Member } from '../auth/member.ts';
import type { SigningKey } from './token-keys.ts';

/** Long enough for a slow connection, far below the 60 s that the api accepts. */
const LIFETIME_SECONDS = 50;

/** Signs the token that identifies a caller to the api, for one call. */
export interface TokenSigner {
  /** For a person, with their current role and workspaces. */
  forMember(member: Member): Promise<string>;
  /** For the dashboard's own work: provisioning and the outbox. */
  forSystem(region: string, companyId?: string): Promise<string>;
}

export function createTokenSigner({ kid, key }: SigningKey): TokenSigner {
  const sign = (region: string, subject: string, claims: Readonly<Record<string, unknown>>) =>
    new SignJWT({ ...claims })
      .setProtectedHeader({ alg: 'EdDSA', kid, typ: 'JWT' })
      .setIssuer('exhibit-dashboard')
      .setAudience(region)
      .setSubject(subject)
      .setJti(randomUUID())
      .setIssuedAt()
      .setExpirationTime(`${LIFETIME_SECONDS}s`)
      .sign(key);
  return {
    forMember: ({ region, userId, email, companyId, role, workspaceIds }) =>
      sign(region, userId, {
        email,
        companyId,
        role,
        ...(role === 'MEMBER' ? { workspaceIds } : {}),
      }),
    forSystem: (region, companyId) =>
      sign(region, 'dashboard', {
        role: 'SYSTEM',
        ...(companyId === undefined ? {} : { companyId }),
      }),
  };
}
