import { type Queryable, query, sql } from '../../regions/sql.ts';

export interface IdempotencyKey {
  readonly workspaceId: string;
  /** SHA-256 of the key, hex */
  readonly keyHash: string;
  readonly id: string;
  /** SHA-256 of the item as sent, hex */
  readonly itemHash: string;
}

/** The keys among these that were used before, with the event each made. */
export async function findIdempotencyKeys(
  client: Queryable,
  companyId: string,
  keys: readonly Pick<IdempotencyKey, 'workspaceId' | 'keyHash'>[],
): Promise<IdempotencyKey[]> {
  return query(
    client,
    sql<IdempotencyKey>`
      SELECT i.workspace_id AS "workspaceId", encode(i.key_hash, 'hex') AS "keyHash",
             i.id, encode(i.item_hash, 'hex') AS "itemHash"
      FROM unnest(${keys.map((key) => key.workspaceId)}::uuid[], ${keys.map((key) => key.keyHash)}::text[])
             AS wanted(workspace_id, key_hash)
      JOIN event_idempotency i
        ON i.company_id = ${companyId} AND i.workspace_id = wanted.workspace_id
       AND i.key_hash = decode(wanted.key_hash, 'hex')
      WHERE i.company_id = ${companyId}`,
  );
}
