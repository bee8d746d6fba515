import type { FastifyRequest } from 'fastify';
import { isConnectionError } from '../database.ts';
import { Problem } from '../errors.ts';

/**
 * The problem for a dashboard database that cannot be reached; undefined for any other error. A request that
 * must be recorded in the evidence is then not executed, and the response says so.
 */
export function describeError(error: unknown, request: FastifyRequest): Problem | undefined {
  if (!isConnectionError(error)) return undefined;
  const options = { headers: { 'retry-after': '5' }, cause: error };
  return leavesEvidence(request)
    ? new Problem(
        'EVIDENCE_UNAVAILABLE',
        'This cannot be recorded right now, so it was not done. Try again shortly.',
        options,
      )
    : new Problem(
        'DASHBOARD_UNAVAILABLE',
        'The dashboard database cannot be reached. Try again shortly.',
        options,
      );
}

function leavesEvidence({ method, url }: FastifyRequest): boolean {
  return (method !== 'GET' && method !== 'HEAD') || /\/download(?:\?|$)/.test(url);
}
