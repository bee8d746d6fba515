import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
  createRateCounter,
  type RateCounter,
  rateLimited,
} from '../../../../http-edge/rate-limits.ts';

/** Good keys remembered. */
const MAX_REMEMBERED_KEYS = 10_000;

/**
 * Refused keys by address. An address that has had its number is refused before its key is looked up, but not
 * the keys that were good a moment ago: behind one proxy or office a stranger must not lock out everybody else.
 */
export class BadKeys {
  readonly #counter: RateCounter | undefined;
  /** SHA-256 of Authorization headers that were good, those used last at the end. */
  readonly #good = new Set<string>();

  /** @param max refused keys a minute and address; 0: as many as come */
  constructor(app: FastifyInstance, max: number) {
    this.#counter = createRateCounter(app, max);
  }

  /** @throws Problem RATE_LIMITED with Retry-After */
  async refuseGuesser(request: FastifyRequest): Promise<void> {
    const counted = await this.#counter?.(request, { increment: false });
    if (counted === undefined || counted.isAllowed || counted.remaining > 0) return;
    if (this.#good.has(fingerprint(request))) return;
    throw rateLimited('Your address has sent too many invalid API keys.', {
      policy: 'bad-keys',
      max: counted.max,
      seconds: counted.ttlInSeconds,
    });
  }

  async countBad(request: FastifyRequest): Promise<void> {
    this.#good.delete(fingerprint(request));
    await this.#counter?.(request);
  }

  rememberGood(request: FastifyRequest): void {
    if (this.#counter === undefined) return;
    const print = fingerprint(request);
    this.#good.delete(print);
    this.#good.add(print);
    if (this.#good.size <= MAX_REMEMBERED_KEYS) return;
    for (const oldest of this.#good) {
      this.#good.delete(oldest);
      break;
    }
  }
}

/** The header itself is a secret, and is not kept. */
function fingerprint({ headers }: FastifyRequest): string {
  return createHash('sha256')
    .update(headers.authorization ?? '')
    .digest('base64');
}
