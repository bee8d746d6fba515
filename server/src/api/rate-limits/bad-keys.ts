import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from '../../errors.ts';
import { WINDOW_SECONDS } from './window.ts';

/** Good keys remembered. */
const MAX_REMEMBERED_KEYS = 10_000;

/**
 * Refused keys by address. An address that has had its number is refused before its key is looked up, but not
 * the keys that were good a moment ago: behind one proxy or office a stranger must not lock out everybody else.
 */
export class BadKeys {
  readonly #counter: ReturnType<FastifyInstance['createRateLimit']> | undefined;
  /** SHA-256 of Authorization headers that were good, those used last at the end. */
  readonly #good = new Set<string>();

  /** @param max refused keys a minute and address; 0: as many as come */
  constructor(app: FastifyInstance, max: number) {
    this.#counter =
      max === 0 ? undefined : app.createRateLimit({ max, timeWindow: WINDOW_SECONDS * 1000 });
  }

  /** @throws Problem RATE_LIMITED with Retry-After */
  async refuseGuesser(request: FastifyRequest): Promise<void> {
    const counted = await this.#counter?.(request, { increment: false });
    if (counted === undefined || counted.isAllowed || counted.remaining > 0) return;
    if (this.#good.has(fingerprint(request))) return;
    const retryAfter = Math.max(1, counted.ttlInSeconds);
    throw new Problem(
      'RATE_LIMITED',
      `Too many bad API keys came from your address. Try again in ${retryAfter} s.`,
      {
        members: { policy: 'bad-keys', limit: counted.max },
        headers: { 'retry-after': String(retryAfter) },
      },
    );
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
