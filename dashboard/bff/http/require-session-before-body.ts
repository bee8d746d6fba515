import type { FastifyInstance } from 'fastify';
import { requireSession } from '../auth/caller.ts';
import type { BffDeps } from '../bff-deps.ts';
import { Problem } from '../errors.ts';

/** Options of routes that read a body without a session: an email address, a name, a password, an invitation's secret. */
export const OPEN_DOOR = { bodyLimit: 16 * 1024, config: { openDoor: true } } as const;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** True if the route reads a body without a session. */
    openDoor?: boolean;
  }
}

/**
 * Rejects requests with a body but without a session before the body is read, so that clients that have not signed in
 * cannot make the dashboard hold 1 MiB. Public routes accept 16 KiB. Requests are counted by address before this check.
 */
export function requireSessionBeforeBody(app: FastifyInstance, deps: BffDeps): void {
  app.addHook('preParsing', async (request) => {
    const { headers, routeOptions } = request;
    const hasBody =
      headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
    if (!hasBody || routeOptions.config.openDoor === true) return;
    if (request.is404) throw new Problem('NOT_FOUND', 'There is nothing at this address.');
    await requireSession(deps, request);
  });
}
