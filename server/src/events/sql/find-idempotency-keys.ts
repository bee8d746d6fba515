import { type Queryable, query, sql } from '../../regions/sql.ts';

export interface IdempotencyKey {
  readonly workspaceId: string;
  /** SHA-256 of the key, hex */
  readonly keyHash: string;
  readonly id: string;
  /** SHA-256 of the item as sent, hex */
  readonly itemHash: string;
}

/**
 * The keys among these that were used before, with the event each made. Asked with two arrays, which walk
 * the primary key; joining unnest() planned a hash join over the whole table. May hold a key of another
 * workspace of the list, so callers compare both columns.
 */
export async function findIdempotencyKeys(
  client: Queryable,
  companyId: string,
  keys: readonly Pick<IdempotencyKey, 'workspaceId' | 'keyHash'>[],
): Promise<IdempotencyKey[]> {
  const workspaceIds = [...new Set(keys.map((key) => key.workspaceId))];
  const hashes = [...new Set(keys.map((key) => key.keyHash))].map((hash) =>
    Buffer.from(hash, 'hex'),
  );
  return query(
    client,
    sql<IdempotencyKey>`
      SELECT workspace_id AS "workspaceId", encode(key_hash, 'hex') AS "keyHash", id, encode(item_hash, 'hex') AS "itemHash"
      FROM event_idempotency
      WHERE company_id = ${companyId} AND workspace_id = ANY(${workspaceIds}::uuid[]) AND key_hash = ANY(${hashes}::bytea[])`,
  );
}
