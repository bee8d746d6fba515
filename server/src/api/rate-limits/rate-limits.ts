import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  createRateCounter,
  type RateCounter,
  rateLimited,
  registerRateLimits,
  setRateLimitHeaders,
  type SpentShare,
} from '../../../../http-edge/rate-limits.ts';
import { BadKeys } from './bad-keys.ts';

/** Maximum requests per minute; every api process counts its own. 0: no limit. */
export interface RateLimitSettings {
  /** By one API key or dashboard user, except requests that store events. */
  readonly perCaller: number;
  /** By all callers of a company together, except requests that store events. */
  readonly perCompany: number;
  readonly ingestPerKey: number;
  readonly ingestPerCompany: number;
  /** Requests with invalid API keys from one address. */
  readonly badKeysPerAddress: number;
}

/** A limit that a request counts against: the policy's name, as in the headers, and the subject. */
interface Share {
  readonly policy: Policy;
  readonly subject: string;
}
type Policy = 'caller' | 'company' | 'ingest-key' | 'ingest-company';

interface RateLimits {
  readonly badKeys: BadKeys;
  /** @throws EdgeProblem RATE_LIMITED with Retry-After if one of the shares is used up */
  spend(request: FastifyRequest, ...shares: readonly Share[]): Promise<void>;
}

declare module 'fastify' {
  interface FastifyInstance {
    rateLimits: RateLimits;
  }
  interface FastifyRequest {
    /** The subject that is being counted; the library's key generator gets only the request. */
    limitedSubject: string;
    /** The shares that this request counted against, for the response headers. */
    spentShares: readonly SpentShare[] | undefined;
  }
}

const UNLIMITED: RateLimitSettings = {
  perCaller: 0,
  perCompany: 0,
  ingestPerKey: 0,
  ingestPerCompany: 0,
  badKeysPerAddress: 0,
};

/**
 * Adds `rateLimits` to the application, and headers with the remaining requests to each response. The library remembers
 * 5,000 subjects per policy and evicts the least recently used.
 */
export async function limitRates(
  app: FastifyInstance,
  settings: RateLimitSettings = UNLIMITED,
): Promise<void> {
  await registerRateLimits(app);
  app.decorateRequest('limitedSubject', '');
  app.decorateRequest('spentShares');
  const counters: Record<Policy, RateCounter | undefined> = {
    caller: createRateCounter(app, settings.perCaller, subjectOf),
    company: createRateCounter(app, settings.perCompany, subjectOf),
    'ingest-key': createRateCounter(app, settings.ingestPerKey, subjectOf),
    'ingest-company': createRateCounter(app, settings.ingestPerCompany, subjectOf),
  };
  app.decorate('rateLimits', {
    badKeys: new BadKeys(app, settings.badKeysPerAddress),
    spend: async (request, ...shares) => {
      const spent: SpentShare[] = [];
      // All shares are counted before a rejection, so that its headers show all of them.
      let exceeded: SpentShare | undefined;
      for (const { policy, subject } of shares) {
        request.limitedSubject = subject;
        const counted = await counters[policy]?.(request);
        if (counted === undefined || counted.isAllowed) continue;
        const { max, remaining, ttlInSeconds: seconds, isExceeded } = counted;
        spent.push({ policy, max, remaining, seconds });
        if (isExceeded) exceeded = spent.at(-1);
      }
      request.spentShares = spent;
      if (exceeded === undefined) return;
      const who = WHO[exceeded.policy] ?? 'You have';
      throw rateLimited(
        `${who} sent more than ${exceeded.max} requests within a minute.`,
        exceeded,
      );
    },
  });
  app.addHook('onSend', async (request, reply) => setSpentHeaders(request, reply));
}

const subjectOf = (request: FastifyRequest) => request.limitedSubject;

const WHO: Readonly<Record<string, string>> = {
  caller: 'You have',
  company: 'Your company has',
  'ingest-key': 'This API key has',
  'ingest-company': 'Your company has',
};

/** Adds headers with the rest of each limit that this request counts against. */
export function setSpentHeaders(request: FastifyRequest, reply: FastifyReply): void {
  setRateLimitHeaders(reply, request.spentShares ?? []);
}
