import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { DashboardRateLimits } from '../bff-deps.ts';
import { Problem } from '../errors.ts';

const WINDOW_SECONDS = 60;
/** What costs a password's hash or tries a secret: a session is not needed for any of it. */
const DOORS = new Set([
  '/api/auth/sign-in/email',
  '/api/auth/sign-up/email',
  '/api/auth/change-password',
  '/api/invitations/look',
  '/api/invitations/accept',
]);

/**
 * Counts requests by address, before anything is looked up; the api counts by user and company. Guesses at one
 * account are counted apart, in the database (password-attempts.ts).
 */
export async function limitRates(app: FastifyInstance, limits: DashboardRateLimits): Promise<void> {
  await app.register(rateLimit, { global: false });
  const all = counterOf(app, limits.dashboardPerAddress);
  const doors = counterOf(app, limits.signInPerAddress);
  app.addHook('onRequest', async (request, reply) => {
    const isDoor = DOORS.has(request.routeOptions.url ?? '');
    await spend(request, reply, isDoor ? ['sign-in', doors] : ['address', all]);
  });
}

type Counter = ReturnType<FastifyInstance['createRateLimit']>;

function counterOf(app: FastifyInstance, max: number): Counter | undefined {
  if (max === 0) return undefined;
  return app.createRateLimit({ max, timeWindow: WINDOW_SECONDS * 1000 });
}

/** @throws Problem RATE_LIMITED with Retry-After */
async function spend(
  request: FastifyRequest,
  reply: FastifyReply,
  [policy, counter]: readonly [string, Counter | undefined],
): Promise<void> {
  const counted = await counter?.(request);
  if (counted === undefined || counted.isAllowed) return;
  const { max, remaining, ttlInSeconds: seconds, isExceeded } = counted;
  reply.header('ratelimit-policy', `"${policy}";q=${max};w=${WINDOW_SECONDS}`);
  reply.header('ratelimit', `"${policy}";r=${remaining};t=${seconds}`);
  if (!isExceeded) return;
  const retryAfter = Math.max(1, seconds);
  throw new Problem(
    'RATE_LIMITED',
    `More than ${max} requests came from your address within a minute. Try again in ${retryAfter} s.`,
    { members: { policy, limit: max }, headers: { 'retry-after': String(retryAfter) } },
  );
}
