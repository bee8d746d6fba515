import { type Queryable, query, sql } from '../../regions/sql.ts';
import type { Permission } from '../api-key.ts';

export interface ApiKeyRow {
  readonly companyId: string;
  readonly keyId: string;
  readonly name: string;
  /** null means every workspace of the company */
  readonly workspaceId: string | null;
  readonly permissions: readonly Permission[];
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly lastUsedAt: Date | null;
}

/** Finds the key with this SHA-256 in all companies, because the tenant is not known before authentication. */
export async function findApiKey(client: Queryable, hash: Buffer): Promise<ApiKeyRow | undefined> {
  const [row] = await query(
    client,
    sql<ApiKeyRow>`
      SELECT company_id AS "companyId", key_id AS "keyId", name, workspace_id AS "workspaceId", permissions,
        created_at AS "createdAt", expires_at AS "expiresAt", revoked_at AS "revokedAt", last_used_at AS "lastUsedAt"
      FROM exhibit_find_api_key(${hash})`,
    'find-api-key',
  );
  return row;
}
