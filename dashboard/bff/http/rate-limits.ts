import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  createRateCounter,
  type RateCounter,
  rateLimited,
  registerRateLimits,
  setRateLimitHeaders,
} from '../../../http-edge/rate-limits.ts';
import type { DashboardRateLimits } from '../bff-deps.ts';

/** Routes that hash a password or check a secret, and work without a session. */
const DOORS = new Set([
  '/api/auth/sign-in/email',
  '/api/auth/sign-up/email',
  '/api/auth/change-password',
  '/api/invitations/look',
  '/api/invitations/accept',
]);

/**
 * Counts requests by address before any lookup; the api counts by user and company. Password attempts on an account are
 * counted separately, in the database (password-attempts.ts).
 */
export async function limitRates(app: FastifyInstance, limits: DashboardRateLimits): Promise<void> {
  await registerRateLimits(app);
  const all = createRateCounter(app, limits.dashboardPerAddress);
  const doors = createRateCounter(app, limits.signInPerAddress);
  app.addHook('onRequest', async (request, reply) => {
    const isDoor = DOORS.has(request.routeOptions.url ?? '');
    await spend(request, reply, isDoor ? ['sign-in', doors] : ['address', all]);
  });
}

/** @throws EdgeProblem RATE_LIMITED with Retry-After */
async function spend(
  request: FastifyRequest,
  reply: FastifyReply,
  [policy, counter]: readonly [string, RateCounter | undefined],
): Promise<void> {
  const counted = await counter?.(request);
  if (counted === undefined || counted.isAllowed) return;
  const { max, remaining, ttlInSeconds: seconds, isExceeded } = counted;
  setRateLimitHeaders(reply, [{ policy, max, remaining, seconds }]);
  if (!isExceeded) return;
  const detail = `Your address has sent more than ${max} requests within a minute.`;
  throw rateLimited(detail, { policy, max, seconds });
}
