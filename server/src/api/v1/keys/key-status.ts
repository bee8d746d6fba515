import type { FastifyInstance } from 'fastify';
import type { ApiDeps } from '../../api-deps.ts';
import { callerOf } from '../../principal.ts';
import { keyHealthScore } from '../../../tenancy/key-health.ts';
import { KEY_STATUS_DOCUMENTATION } from './key-schemas.ts';

/** GET /v1/keys/status: the status and permissions of the calling key; every valid key may call it. */
export function keyStatus(app: FastifyInstance, deps: ApiDeps): void {
  app.get('/keys/status', { schema: KEY_STATUS_DOCUMENTATION }, async (request) => {
    const { key } = callerOf(deps, request).principal;
    return {
      id: key.keyId,
      scope: key.workspaceId === null ? 'company' : 'workspace',
      status: 'active',
      workspaceId: key.workspaceId,
      permissions: key.permissions,
      lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
      expiresAt: key.expiresAt?.toISOString() ?? null,
      healthScore: keyHealthScore(key, new Date()),
    };
  });
}
