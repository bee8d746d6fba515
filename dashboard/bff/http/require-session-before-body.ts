import type { FastifyInstance } from 'fastify';
import { requireSession } from '../auth/caller.ts';
import type { BffDeps } from '../bff-deps.ts';
import { Problem } from '../errors.ts';

/** Their bodies are read for strangers: an address, a name, a password, an invitation's secret. */
export const OPEN_DOOR = { bodyLimit: 16 * 1024, config: { openDoor: true } } as const;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** A body is read before anybody has signed in. */
    openDoor?: boolean;
  }
}

/**
 * Nobody makes the dashboard hold 1 MiB who has not signed in; open doors take a few KiB.
 * Requests are counted by address before this asks for the session.
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
