import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { BffDeps } from '../bff-deps.ts';
import { Problem } from '../errors.ts';
import { isStorable } from '../http/field-schemas.ts';
import { jsonBody } from '../http/json-body.ts';
import { OPEN_DOOR } from '../http/require-session-before-body.ts';
import { callAuth, passCookies, throwIfBroken } from './auth-request.ts';
import { liveSession } from './live-session.ts';
import { countPasswordAttempt, forgetPasswordAttempt } from './password-attempts.ts';

const bodySchema = z.object({
  email: z.string().trim().toLowerCase().min(1).max(254).refine(isStorable, 'must be plain text'),
  password: z.string().min(1).max(128),
  rememberMe: z.boolean().default(true),
});

const userSchema = z.object({
  user: z.object({ id: z.string(), email: z.string(), name: z.string() }),
});

/** POST /api/auth/sign-in/email {email, password, rememberMe?} → 200 {user:{id,email,name}} and the cookie. */
export function signIn(app: FastifyInstance, deps: BffDeps): void {
  app.post('/auth/sign-in/email', OPEN_DOOR, async (request, reply) => {
    const body = jsonBody(request, bodySchema);
    const device = deps.devices.deviceOf(request.headers.cookie, body.email);
    const attempt = { account: body.email, ip: request.ip, device };
    await countPasswordAttempt(deps.pool, attempt);
    const answer = await startSession(deps, request, reply, body);
    await forgetPasswordAttempt(deps.pool, attempt);
    return answer;
  });
}

/**
 * Signs in and sets the browser's cookie. The response does not contain the session's token: scripts do not need it.
 * The browser's previous session ends, so that a copy of its cookie is useless.
 * @throws Problem INVALID_CREDENTIALS
 */
export async function startSession(
  deps: BffDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  body: z.output<typeof bodySchema>,
): Promise<z.output<typeof userSchema>> {
  const before = await liveSession(deps, request.headers.cookie).catch(() => undefined);
  const answer = await callAuth(deps, request, 'sign-in/email', body);
  await throwIfBroken(deps, answer);
  if (!answer.ok) throw new Problem('INVALID_CREDENTIALS', 'Incorrect email or password.');
  passCookies(reply, answer);
  const account = body.email.toLowerCase();
  void reply.header('set-cookie', deps.devices.cookieFor(request.headers.cookie, account));
  if (before !== undefined)
    await deps.pool.query('DELETE FROM "session" WHERE id = $1', [before.id]);
  return userSchema.parse(await answer.json());
}
