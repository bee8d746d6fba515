import type pg from 'pg';
import { Problem } from '../errors.ts';
import { inCompany } from '../regions/transaction.ts';
import { hashApiKey, type Permission, regionOfApiKey } from './api-key.ts';
import type { Actor } from './audit-log.ts';
import type { Scope } from './scope.ts';
import { type ApiKeyRow, findApiKey } from './sql/find-api-key.ts';
import { touchApiKey } from './sql/touch-api-key.ts';

/** An authenticated API key: its identity and scope. */
export interface Principal {
  readonly actor: Actor;
  readonly region: string;
  readonly scope: Scope;
  readonly permissions: ReadonlySet<Permission>;
  readonly key: ApiKeyRow;
}

/**
 * Authenticates an Authorization header. The key is looked up on every request, so a revocation takes effect with the
 * next one.
 * @throws Problem UNAUTHENTICATED, identical for unknown, expired and revoked keys and keys of another region
 */
export async function authenticate(
  authorization: string | undefined,
  poolOf: (region: string) => pg.Pool | undefined,
): Promise<Principal> {
  const key = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
  if (key === undefined) throw unauthenticated('Send an API key: "Authorization: Bearer exh_…".');
  const region = regionOfApiKey(key);
  const pool = region === undefined ? undefined : poolOf(region);
  if (region === undefined || pool === undefined)
    throw unauthenticated('The API key is not valid.');
  const row = await findApiKey(pool, hashApiKey(key));
  if (row === undefined || !isUsable(row, new Date()))
    throw unauthenticated('The API key is not valid.');
  if (isStale(row.lastUsedAt)) {
    await inCompany(pool, row.companyId, (client) => touchApiKey(client, row.companyId, row.keyId));
  }
  return principalOf(row, region);
}

/** @throws Problem PERMISSION_DENIED that names the missing permission */
export function requirePermission(principal: Principal, permission: Permission): void {
  if (principal.permissions.has(permission)) return;
  throw new Problem(
    'PERMISSION_DENIED',
    `This API key does not have the permission ${permission}.`,
  );
}

function principalOf(row: ApiKeyRow, region: string): Principal {
  return {
    actor: { type: 'api_key', id: row.keyId, label: row.name },
    region,
    scope: {
      companyId: row.companyId,
      workspaces:
        row.workspaceId === null
          ? { kind: 'all' }
          : { kind: 'some', workspaceIds: [row.workspaceId] },
    },
    permissions: new Set(row.permissions),
    key: row,
  };
}

function isUsable(row: ApiKeyRow, now: Date): boolean {
  return row.revokedAt === null && (row.expiresAt === null || row.expiresAt > now);
}

function isStale(lastUsedAt: Date | null): boolean {
  return lastUsedAt === null || Date.now() - lastUsedAt.getTime() > 60_000;
}

function unauthenticated(detail: string): Problem {
  return new Problem('UNAUTHENTICATED', detail, {
    headers: { 'www-authenticate': 'Bearer realm="exhibit"' },
  });
}
