import { betterAuth } from 'better-auth';
import type pg from 'pg';

const DAY_SECONDS = 86_400;

/**
 * Uses better-auth for passwords and sessions only. sign-up.ts and invitations create accounts together with their
 * membership, in one transaction. The origin of a request is checked before any route.
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
    // No cookie cache: revoking a session takes effect on the next request.
    session: {
      expiresIn: 7 * DAY_SECONDS,
      updateAge: DAY_SECONDS,
      cookieCache: { enabled: false },
    },
    // password-attempts.ts limits failed attempts instead, per account and per address, in the database.
    rateLimit: { enabled: false },
    advanced: {
      database: { generateId: 'uuid' },
      ipAddress: { ipAddressHeaders: ['x-exhibit-client-ip'] },
      // Not better-auth's `__Secure-`: browsers accept a `__Host-` cookie only from this host, so no other host of
      // the same domain can set or replace a session.
      useSecureCookies: false,
      cookiePrefix: isHttps ? '__Host-exhibit' : 'exhibit',
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', path: '/', secure: isHttps },
      disableCSRFCheck: true,
      disableOriginCheck: true,
    },
  });
}

export type Auth = ReturnType<typeof createAuth>;
