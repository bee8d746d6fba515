import type { FastifyRequest } from 'fastify';
import { Problem } from '../errors.ts';

const MAX_KEY_CHARACTERS = 255;

/**
 * Returns the Idempotency-Key of a request; undefined if it has none.
 * @throws Problem VALIDATION_FAILED
 */
export function idempotencyKey(request: FastifyRequest): string | undefined {
  const header = request.headers['idempotency-key'];
  if (header === undefined) return undefined;
  if (typeof header === 'string' && header.length >= 1 && header.length <= MAX_KEY_CHARACTERS)
    return header;
  const message = `must be 1 to ${MAX_KEY_CHARACTERS} characters, sent once`;
  throw new Problem('VALIDATION_FAILED', `Idempotency-Key: ${message}`, {
    errors: [{ path: 'Idempotency-Key', message }],
  });
}
