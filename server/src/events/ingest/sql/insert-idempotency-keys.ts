import { execute, type Queryable, sql } from '../../../regions/sql.ts';
import type { IdempotencyKey } from './find-idempotency-keys.ts';

/**
 * Stores new keys. There is no ON CONFLICT: the locks on the heads rule out conflicts, and one must not go unnoticed.
 */
export async function insertIdempotencyKeys(
  client: Queryable,
  companyId: string,
  keys: readonly IdempotencyKey[],
): Promise<void> {
  await execute(
    client,
    sql`
    INSERT INTO event_idempotency (company_id, workspace_id, key_hash, api_key_id, id, item_hash)
    SELECT ${companyId}::uuid, k.workspace_id, decode(k.key_hash, 'hex'), k.api_key_id, k.id, decode(k.item_hash, 'hex')
    FROM unnest(${keys.map((key) => key.workspaceId)}::uuid[], ${keys.map((key) => key.keyHash)}::text[],
                ${keys.map((key) => key.apiKeyId)}::uuid[],
                ${keys.map((key) => key.id)}::uuid[], ${keys.map((key) => key.itemHash)}::text[])
           AS k(workspace_id, key_hash, api_key_id, id, item_hash)`,
  );
}
