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
 * Gives the application its `rateLimits`, and each answer the headers that say what is left. The library
 * remembers 5,000 subjects a policy and forgets the one used longest ago first.
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
      // All are counted before one refuses: the headers of a refusal tell of both.
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

/** Writes how much is left of each limit that this request counts against. */
export function setSpentHeaders(request: FastifyRequest, reply: FastifyReply): void {
  setRateLimitHeaders(reply, request.spentShares ?? []);
}
