import { type Queryable, query, sql } from '../../regions/sql.ts';
import type { ApiKeyRow } from './find-api-key.ts';

/** The keys of a company, newest first, revoked ones included. */
export async function listApiKeys(client: Queryable, companyId: string): Promise<ApiKeyRow[]> {
  return query(
    client,
    sql<ApiKeyRow>`
      SELECT company_id AS "companyId", key_id AS "keyId", name, workspace_id AS "workspaceId", permissions,
        created_at AS "createdAt", expires_at AS "expiresAt", revoked_at AS "revokedAt", last_used_at AS "lastUsedAt"
      FROM api_keys WHERE company_id = ${companyId} ORDER BY key_id DESC`,
  );
}
