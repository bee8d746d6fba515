import { type Queryable, query, sql } from '../../../regions/sql.ts';

export interface IdempotencyKey {
  readonly workspaceId: string;
  /** SHA-256 of the key, hex */
  readonly keyHash: string;
  /** The API key that used it; {@link ANY_SENDER} if unknown. */
  readonly apiKeyId: string;
  readonly id: string;
  /** SHA-256 of the item as sent, hex */
  readonly itemHash: string;
}

/** Stands for uses before API keys were recorded, and for events sent without an API key. */
export const ANY_SENDER = '00000000-0000-0000-0000-000000000000';

/**
 * The uses of these keys that decideItems needs: by the same API key, by an unknown one, or with the same item.
 * Queried with arrays, which walk the primary key; joining unnest() planned a hash join over the whole table. The
 * result may contain keys of another workspace in the list, so callers compare both columns.
 */
export async function findIdempotencyKeys(
  client: Queryable,
  companyId: string,
  keys: readonly IdempotencyKey[],
): Promise<IdempotencyKey[]> {
  const workspaceIds = [...new Set(keys.map((key) => key.workspaceId))];
  const apiKeyIds = [...new Set([ANY_SENDER, ...keys.map((key) => key.apiKeyId)])];
  const bytes = (hashes: readonly string[]) =>
    [...new Set(hashes)].map((hash) => Buffer.from(hash, 'hex'));
  const keyHashes = bytes(keys.map(({ keyHash }) => keyHash));
  const itemHashes = bytes(keys.map(({ itemHash }) => itemHash));
  return query(
    client,
    sql<IdempotencyKey>`
      SELECT workspace_id AS "workspaceId", encode(key_hash, 'hex') AS "keyHash", api_key_id AS "apiKeyId", id,
        encode(item_hash, 'hex') AS "itemHash"
      FROM event_idempotency
      WHERE company_id = ${companyId} AND workspace_id = ANY(${workspaceIds}::uuid[]) AND key_hash = ANY(${keyHashes}::bytea[])
        AND (api_key_id = ANY(${apiKeyIds}::uuid[]) OR item_hash = ANY(${itemHashes}::bytea[]))`,
  );
}
