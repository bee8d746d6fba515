import { type Queryable, query, sql } from '../../regions/sql.ts';
import type { ApiKeyRow } from './find-api-key.ts';

/** The creator of a key; `label` is the email address at that time. */
export interface KeyCreator {
  readonly type: 'user' | 'system';
  readonly id: string;
  readonly label: string;
}

export interface ListedApiKey extends ApiKeyRow {
  /** null for a key that was created before creators were recorded. */
  readonly createdBy: KeyCreator | null;
}

/**
 * Lists the keys of a company, newest first, including revoked ones; only those of one creator if `creatorId` is given.
 * It reads the columns of the creator through jsonb, because a region that is not migrated does not have them.
 */
export async function listApiKeys(
  client: Queryable,
  companyId: string,
  creatorId?: string,
): Promise<ListedApiKey[]> {
  return query(
    client,
    sql<ListedApiKey>`
      SELECT company_id AS "companyId", key_id AS "keyId", name, workspace_id AS "workspaceId", permissions,
        created_at AS "createdAt", expires_at AS "expiresAt", revoked_at AS "revokedAt", last_used_at AS "lastUsedAt",
        CASE WHEN row ->> 'created_by_type' IS NOT NULL
          THEN json_build_object('type', row ->> 'created_by_type', 'id', row ->> 'created_by_id',
            'label', row ->> 'created_by_label')
        END AS "createdBy"
      FROM (SELECT k.*, to_jsonb(k) - 'secret_hash' AS row FROM api_keys k WHERE k.company_id = ${companyId}) AS keys
      WHERE ${creatorId ?? null}::text IS NULL OR row ->> 'created_by_id' = ${creatorId ?? null}
      ORDER BY key_id DESC`,
  );
}
