import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../../errors.ts';
import { BadKeys } from './bad-keys.ts';
import { WINDOW_SECONDS } from './window.ts';

/** Requests a minute, counted by each api process for itself; 0: as many as come. */
export interface RateLimitSettings {
  /** One API key or dashboard user, storing events aside. */
  readonly perCaller: number;
  /** All callers of a company together, storing events aside. */
  readonly perCompany: number;
  readonly ingestPerKey: number;
  readonly ingestPerCompany: number;
  /** Refused API keys from one address. */
  readonly badKeysPerAddress: number;
}

/** Who is counted: a policy's name, as the headers give it, and whose share of it. */
interface Share {
  readonly policy: Policy;
  readonly subject: string;
}
type Policy = 'caller' | 'company' | 'ingest-key' | 'ingest-company';

interface RateLimits {
  readonly badKeys: BadKeys;
  /** @throws Problem RATE_LIMITED with Retry-After when one of the shares is used up */
  spend(request: FastifyRequest, ...shares: readonly Share[]): Promise<void>;
}

declare module 'fastify' {
  interface FastifyInstance {
    rateLimits: RateLimits;
  }
  interface FastifyRequest {
    /** Whose share is being counted: what the library asks for by a function of the request alone. */
    limitedSubject: string;
    /** What this request has used, for the answer's headers. */
    spentShares: readonly Spent[] | undefined;
  }
}

interface Spent {
  readonly policy: string;
  readonly max: number;
  readonly remaining: number;
  readonly seconds: number;
}

const UNLIMITED: RateLimitSettings = {
  perCaller: 0,
  perCompany: 0,
  ingestPerKey: 0,
  ingestPerCompany: 0,
  badKeysPerAddress: 0,
};

/**
 * Gives the application its `rateLimits`, and each answer the headers that say what is left. The library
 * remembers 5,000 subjects a policy and forgets the one used longest ago first.
 */
export async function limitRates(
  app: FastifyInstance,
  settings: RateLimitSettings = UNLIMITED,
): Promise<void> {
  await app.register(rateLimit, { global: false });
  app.decorateRequest('limitedSubject', '');
  app.decorateRequest('spentShares');
  const counters: Record<Policy, Counter | undefined> = {
    caller: counterOf(app, settings.perCaller),
    company: counterOf(app, settings.perCompany),
    'ingest-key': counterOf(app, settings.ingestPerKey),
    'ingest-company': counterOf(app, settings.ingestPerCompany),
  };
  app.decorate('rateLimits', {
    badKeys: new BadKeys(app, settings.badKeysPerAddress),
    spend: async (request, ...shares) => {
      const spent: Spent[] = [];
      // All are counted before one refuses: the headers of a refusal tell of both.
      let exceeded: Spent | undefined;
      for (const { policy, subject } of shares) {
        request.limitedSubject = subject;
        const counted = await counters[policy]?.(request);
        if (counted === undefined || counted.isAllowed) continue;
        const { max, remaining, ttlInSeconds: seconds, isExceeded } = counted;
        spent.push({ policy, max, remaining, seconds });
        if (isExceeded) exceeded = spent.at(-1);
      }
      request.spentShares = spent;
      if (exceeded !== undefined) throw rateLimited(exceeded);
    },
  });
  app.addHook('onSend', async (request, reply) => setRateLimitHeaders(request, reply));
}

type Counter = ReturnType<FastifyInstance['createRateLimit']>;

function counterOf(app: FastifyInstance, max: number): Counter | undefined {
  if (max === 0) return undefined;
  return app.createRateLimit({
    max,
    timeWindow: WINDOW_SECONDS * 1000,
    keyGenerator: (request) => request.limitedSubject,
  });
}

const WHO: Readonly<Record<string, string>> = {
  caller: 'You have',
  company: 'Your company has',
  'ingest-key': 'This API key has',
  'ingest-company': 'Your company has',
};

function rateLimited({ policy, max, seconds }: Spent): Problem {
  const retryAfter = Math.max(1, seconds);
  return new Problem(
    'RATE_LIMITED',
    `${WHO[policy] ?? 'You have'} sent more than ${max} requests within a minute. Try again in ${retryAfter} s.`,
    { members: { policy, limit: max }, headers: { 'retry-after': String(retryAfter) } },
  );
}

/** RateLimit-Policy and RateLimit as draft-ietf-httpapi-ratelimit-headers has them: quota, window, remaining, reset. */
export function setRateLimitHeaders(request: FastifyRequest, reply: FastifyReply): void {
  const { spentShares: spent } = request;
  if (spent === undefined || spent.length === 0) return;
  reply.header(
    'ratelimit-policy',
    spent.map(({ policy, max }) => `"${policy}";q=${max};w=${WINDOW_SECONDS}`).join(', '),
  );
  reply.header(
    'ratelimit',
    spent
      .map(({ policy, remaining, seconds }) => `"${policy}";r=${remaining};t=${seconds}`)
      .join(', '),
  );
}
