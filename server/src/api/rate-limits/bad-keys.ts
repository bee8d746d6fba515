import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
  createRateCounter,
  type RateCounter,
  rateLimited,
} from '../../../../http-edge/rate-limits.ts';

/** Maximum number of recently valid keys that are remembered. */
const MAX_REMEMBERED_KEYS = 10_000;

/**
 * Counts invalid keys by address. Requests from an address above the limit are rejected without a lookup of their key,
 * unless the key was valid recently: one client must not lock out all others that share its proxy or office network.
 */
export class BadKeys {
  readonly #counter: RateCounter | undefined;
  /** SHA-256 of Authorization headers that were valid, most recently used last. */
  readonly #valid = new Set<string>();

  /** @param max invalid keys per minute and address; 0: no limit */
  constructor(app: FastifyInstance, max: number) {
    this.#counter = createRateCounter(app, max);
  }

  /** @throws Problem RATE_LIMITED with Retry-After */
  async refuseGuessing(request: FastifyRequest): Promise<void> {
    const counted = await this.#counter?.(request, { increment: false });
    if (counted === undefined || counted.isAllowed || counted.remaining > 0) return;
    if (this.#valid.has(fingerprint(request))) return;
    throw rateLimited('Your address has sent too many invalid API keys.', {
      policy: 'bad-keys',
      max: counted.max,
      seconds: counted.ttlInSeconds,
    });
  }

  async countInvalid(request: FastifyRequest): Promise<void> {
    this.#valid.delete(fingerprint(request));
    await this.#counter?.(request);
  }

  rememberValid(request: FastifyRequest): void {
    if (this.#counter === undefined) return;
    const print = fingerprint(request);
    this.#valid.delete(print);
    this.#valid.add(print);
    if (this.#valid.size <= MAX_REMEMBERED_KEYS) return;
    for (const oldest of this.#valid) {
      this.#valid.delete(oldest);
      break;
    }
  }
}

/** The header itself is a secret and is not stored. */
function fingerprint({ headers }: FastifyRequest): string {
  return createHash('sha256')
    .update(headers.authorization ?? '')
    .digest('base64');
}
