import { execute, type Queryable, sql } from '../../regions/sql.ts';
import type { Permission } from '../api-key.ts';

export interface NewApiKey {
  readonly companyId: string;
  readonly keyId: string;
  readonly name: string;
  readonly secretHash: Buffer;
  readonly workspaceId: string | null;
  readonly permissions: readonly Permission[];
  readonly expiresAt: Date | null;
}

export async function insertApiKey(client: Queryable, key: NewApiKey): Promise<void> {
  await execute(
    client,
    sql`
      INSERT INTO api_keys (company_id, key_id, name, secret_hash, workspace_id, permissions, expires_at)
      VALUES (${key.companyId}, ${key.keyId}, ${key.name}, ${key.secretHash}, ${key.workspaceId},
              ${[...key.permissions]}::text[], ${key.expiresAt})`,
  );
}
