import { keyHealthScore } from '../../../tenancy/key-health.ts';
import type { ApiKeyRow } from '../../../tenancy/sql/find-api-key.ts';
import type { ListedApiKey } from '../../../tenancy/sql/list-api-keys.ts';

/** An API key as JSON, without its secret. */
export function keyJson(key: ListedApiKey, now: Date) {
  return {
    id: key.keyId,
    name: key.name,
    scope: key.workspaceId === null ? 'company' : 'workspace',
    workspaceId: key.workspaceId,
    permissions: key.permissions,
    status: statusOf(key, now),
    createdBy: key.createdBy,
    createdAt: key.createdAt.toISOString(),
    expiresAt: key.expiresAt?.toISOString() ?? null,
    revokedAt: key.revokedAt?.toISOString() ?? null,
    lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
    healthScore: keyHealthScore(key, now),
  };
}

function statusOf(
  { revokedAt, expiresAt }: ApiKeyRow,
  now: Date,
): 'active' | 'expired' | 'revoked' {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && expiresAt <= now ? 'expired' : 'active';
}
