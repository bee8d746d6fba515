import { execute, type Queryable, sql } from '../../regions/sql.ts';
import type { Permission } from '../api-key.ts';
import type { KeyCreator } from './list-api-keys.ts';

export interface NewApiKey {
  readonly companyId: string;
  readonly keyId: string;
  readonly name: string;
  readonly secretHash: Buffer;
  readonly workspaceId: string | null;
  readonly permissions: readonly Permission[];
  readonly expiresAt: Date | null;
  /** With their label as it is now. */
  readonly createdBy: KeyCreator;
}

export async function insertApiKey(client: Queryable, key: NewApiKey): Promise<void> {
  await execute(
    client,
    sql`
      INSERT INTO api_keys (company_id, key_id, name, secret_hash, workspace_id, permissions, expires_at,
        created_by_type, created_by_id, created_by_label)
      VALUES (${key.companyId}, ${key.keyId}, ${key.name}, ${key.secretHash}, ${key.workspaceId},
              ${[...key.permissions]}::text[], ${key.expiresAt},
              ${key.createdBy.type}, ${key.createdBy.id}, ${key.createdBy.label})`,
  );
}
