import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { EdgeProblem } from './edge-problem.ts';

/** Every limit counts requests within this time. */
export const WINDOW_SECONDS = 60;

export type RateCounter = ReturnType<FastifyInstance['createRateLimit']>;

/** How much of a policy's limit one subject has used. */
export interface SpentShare {
  readonly policy: string;
  readonly max: number;
  readonly remaining: number;
  /** Until the window ends. */
  readonly seconds: number;
}

/** Prepares an application for `createRateCounter`. */
export async function registerRateLimits(app: FastifyInstance): Promise<void> {
  await app.register(rateLimit, { global: false });
}

/**
 * Counts requests by address, or by the key that `keyGenerator` returns.
 * @returns undefined if `max` is 0, which means no limit
 */
export function createRateCounter(
  app: FastifyInstance,
  max: number,
  keyGenerator?: (request: FastifyRequest) => string,
): RateCounter | undefined {
  if (max === 0) return undefined;
  const timeWindow = WINDOW_SECONDS * 1000;
  return app.createRateLimit({
    max,
    timeWindow,
    ...(keyGenerator === undefined ? {} : { keyGenerator }),
  });
}

/** RateLimit-Policy and RateLimit as in draft-ietf-httpapi-ratelimit-headers: quota, window, remaining, reset. */
export function setRateLimitHeaders(reply: FastifyReply, spent: readonly SpentShare[]): void {
  if (spent.length === 0) return;
  const policies = spent.map(({ policy, max }) => `"${policy}";q=${max};w=${WINDOW_SECONDS}`);
  reply.header('ratelimit-policy', policies.join(', '));
  const limits = spent.map(
    ({ policy, remaining, seconds }) => `"${policy}";r=${remaining};t=${seconds}`,
  );
  reply.header('ratelimit', limits.join(', '));
}

/** @param detail the limit that was exceeded, as a sentence; the time to wait is added */
export function rateLimited(
  detail: string,
  { policy, max, seconds }: Pick<SpentShare, 'policy' | 'max' | 'seconds'>,
): EdgeProblem {
  const retryAfter = Math.max(1, seconds);
  return new EdgeProblem('RATE_LIMITED', `${detail} Try again in ${retryAfter} s.`, {
    members: { policy, limit: max },
    headers: { 'retry-after': String(retryAfter) },
  });
}
