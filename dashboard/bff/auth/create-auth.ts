import { betterAuth } from 'better-auth';
import type pg from 'pg';

const DAY_SECONDS = 86_400;

/**
 * better-auth for passwords and sessions only. Accounts are made by sign-up.ts and invitations, which also
 * make the membership, in one transaction; the origin of a request is checked before any route of ours.
 */
export function createAuth(options: { pool: pg.Pool; secret: string; publicUrl: string }) {
  const isHttps = options.publicUrl.startsWith('https:');
  return betterAuth({
    appName: 'Exhibit',
    baseURL: options.publicUrl,
    basePath: '/api/auth',
    secret: options.secret,
    database: options.pool,
    logger: { disabled: true },
    telemetry: { enabled: false },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: 10,
      maxPasswordLength: 128,
    },
    // No cookie cache: a session that is revoked has ended with the next request.
    session: {
      expiresIn: 7 * DAY_SECONDS,
      updateAge: DAY_SECONDS,
      cookieCache: { enabled: false },
    },
    // Ours counts failures only, per account and per address, in the database: password-attempts.ts.
    rateLimit: { enabled: false },
    advanced: {
      database: { generateId: 'uuid' },
      ipAddress: { ipAddressHeaders: ['x-exhibit-client-ip'] },
      // Not its own `__Secure-`: browsers take a `__Host-` cookie from this very host only, so no other name of
      // the same domain can plant or replace a session.
      useSecureCookies: false,
      cookiePrefix: isHttps ? '__Host-exhibit' : 'exhibit',
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', path: '/', secure: isHttps },
      disableCSRFCheck: true,
      disableOriginCheck: true,
    },
  });
}

export type Auth = ReturnType<typeof createAuth>;
