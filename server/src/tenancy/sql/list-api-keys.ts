import { type Queryable, query, sql } from '../../regions/sql.ts';
import type { ApiKeyRow } from './find-api-key.ts';

/** Who created a key; `label` is their email address at that time. */
export interface KeyCreator {
  readonly type: 'user' | 'system';
  readonly id: string;
  readonly label: string;
}

export interface ListedApiKey extends ApiKeyRow {
  /** null: a key from before creators were recorded. */
  readonly createdBy: KeyCreator | null;
}

/** The keys of a company (the columns of creators may be missing in a region that is not migrated), newest first, revoked ones included; of one creator when `creatorId` is given. */
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
