import { execute, type Queryable, sql } from '../../regions/sql.ts';
import type { Permission } from '../api-key.ts';
import { hasKeyCreators } from './has-key-creators.ts';
import type { KeyCreator } from './list-api-keys.ts';

export interface NewApiKey {
  readonly companyId: string;
  readonly keyId: string;
  readonly name: string;
  readonly secretHash: Buffer;
  readonly workspaceId: string | null;
  readonly permissions: readonly Permission[];
  readonly expiresAt: Date | null;
  /** Includes the current label of the creator. */
  readonly createdBy: KeyCreator;
}

export async function insertApiKey(client: Queryable, key: NewApiKey): Promise<void> {
  const { companyId, keyId, name, secretHash, workspaceId, expiresAt, createdBy } = key;
  const permissions = [...key.permissions];
  await execute(
    client,
    (await hasKeyCreators(client))
      ? sql`
          INSERT INTO api_keys (company_id, key_id, name, secret_hash, workspace_id, permissions, expires_at,
            created_by_type, created_by_id, created_by_label)
          VALUES (${companyId}, ${keyId}, ${name}, ${secretHash}, ${workspaceId}, ${permissions}::text[], ${expiresAt},
            ${createdBy.type}, ${createdBy.id}, ${createdBy.label})`
      : sql`
          INSERT INTO api_keys (company_id, key_id, name, secret_hash, workspace_id, permissions, expires_at)
          VALUES (${companyId}, ${keyId}, ${name}, ${secretHash}, ${workspaceId}, ${permissions}::text[], ${expiresAt})`,
  );
}
