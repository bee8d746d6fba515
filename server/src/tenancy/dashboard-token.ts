import { decodeProtectedHeader, jwtVerify } from 'jose';
import { z } from 'zod';
import { Problem } from '../errors.ts';
import type { TokenKeys } from './token-keys.ts';

const ISSUER = 'exhibit-dashboard';
const MAX_SECONDS = 60;
const TOLERANCE_SECONDS = 5;

const uuid = z.uuid().transform((id) => id.toLowerCase());
const times = { aud: z.string(), jti: z.string().min(1), iat: z.int(), exp: z.int() };

const claimsSchema = z.discriminatedUnion('role', [
  z.object({
    ...times,
    role: z.enum(['OWNER', 'ADMIN', 'BILLING', 'MEMBER']),
    sub: z.string().min(1),
    email: z.string().min(1),
    companyId: uuid,
    workspaceIds: z.array(uuid).default([]),
  }),
  z.object({
    ...times,
    role: z.literal('SYSTEM'),
    sub: z.literal('dashboard'),
    companyId: uuid.optional(),
  }),
]);

/** The claims of a dashboard token. `aud` is the region; `workspaceIds` is used for a MEMBER only. */
export type DashboardClaims = z.output<typeof claimsSchema>;

/**
 * Returns the claims of the token in this Authorization header if it is valid: signed with EdDSA by a known key, from
 * our issuer, for one of these regions, issued at most 60 seconds ago and valid for at most 60 seconds.
 * @throws Problem UNAUTHENTICATED. The reason is in its cause, for the log
 */
export async function verifyDashboardToken(
  keys: TokenKeys,
  authorization: string | undefined,
  regions: readonly string[],
): Promise<DashboardClaims> {
  const token = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
  if (token === undefined) throw unauthenticated('A token is required.');
  try {
    const key = await keys.find(decodeProtectedHeader(token).kid ?? '');
    if (key === undefined) throw new Error('no known key has the kid of this token');
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['EdDSA'],
      issuer: ISSUER,
      audience: [...regions],
      clockTolerance: TOLERANCE_SECONDS,
      // This also rejects an iat in the future.
      maxTokenAge: MAX_SECONDS,
    });
    const claims = claimsSchema.parse(payload);
    if (claims.exp - claims.iat > MAX_SECONDS)
      throw new Error('the lifetime of the token is too long');
    return claims;
  } catch (error) {
    throw unauthenticated('The token is not valid.', error);
  }
}

function unauthenticated(detail: string, cause?: unknown): Problem {
  return new Problem('UNAUTHENTICATED', detail, {
    headers: { 'www-authenticate': 'Bearer realm="exhibit dashboard"' },
    cause,
  });
}
