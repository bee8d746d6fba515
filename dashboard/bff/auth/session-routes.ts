import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { BffDeps } from '../bff-deps.ts';
import { Problem } from '../errors.ts';
import { appendEvidence, byMember } from '../evidence/append-evidence.ts';
import { passwordSchema } from '../http/field-schemas.ts';
import { jsonBody } from '../http/json-body.ts';
import { OPEN_DOOR } from '../http/require-session-before-body.ts';
import { callAuth, passCookies, throwIfBroken } from './auth-request.ts';
import { callerOf } from './caller.ts';
import { liveSession } from './live-session.ts';
import { countPasswordAttempt, forgetPasswordAttempt } from './password-attempts.ts';

const sessionSchema = z
  .object({
    session: z.object({ expiresAt: z.string() }),
    user: z.object({ id: z.string(), email: z.string(), name: z.string() }),
  })
  .nullable();

const changeSchema = z.object({
  currentPassword: z.string().min(1).max(128),
  newPassword: passwordSchema,
  revokeOtherSessions: z.boolean().default(true),
});

/** The routes of better-auth that the dashboard uses; every other path under /api/auth answers 404. */
export function sessionRoutes(app: FastifyInstance, deps: BffDeps): void {
  // GET: {session:{expiresAt}, user} or null; also extends the cookie's lifetime.
  app.get('/auth/get-session', async (request, reply) => {
    await liveSession(deps, request.headers.cookie);
    const answer = await callAuth(deps, request, 'get-session');
    await throwIfBroken(deps, answer);
    passCookies(reply, answer);
    const session = sessionSchema.parse(await answer.json());
    return reply.type('application/json').send(JSON.stringify(session));
  });

  app.post('/auth/sign-out', OPEN_DOOR, async (request, reply) => {
    const answer = await callAuth(deps, request, 'sign-out', {});
    await throwIfBroken(deps, answer);
    passCookies(reply, answer);
    return { success: true };
  });

  // {currentPassword, newPassword, revokeOtherSessions?} → {success: true}; other sessions end unless it is false.
  app.post('/auth/change-password', async (request, reply) => {
    const caller = await callerOf(deps, request);
    const { member } = caller;
    const body = jsonBody(request, changeSchema);
    const account = member.email.toLowerCase();
    const device = deps.devices.deviceOf(request.headers.cookie, account);
    const attempt = { account, ip: request.ip, device };
    await countPasswordAttempt(deps.pool, attempt);
    const answer = await callAuth(deps, request, 'change-password', body);
    await throwIfBroken(deps, answer);
    if (!answer.ok) throw new Problem('INVALID_CREDENTIALS', 'The current password is wrong.');
    passCookies(reply, answer);
    await appendEvidence(deps.pool, {
      ...byMember(caller),
      action: 'PASSWORD_CHANGED',
      subjectId: member.userId,
      details: { otherSessionsEnded: body.revokeOtherSessions },
    });
    await forgetPasswordAttempt(deps.pool, attempt);
    return { success: true };
  });
}
