import { createEventId } from '../event-id.ts';
import type { Queryable } from '../regions/sql.ts';
import { generateApiKey, hashApiKey } from './api-key.ts';
import { OPERATOR } from './audit-log.ts';
import { insertApiKey, type NewApiKey } from './sql/insert-api-key.ts';

/** Creates and stores a key. The default creator is the operator. Only the return value contains the key itself. */
export async function issueApiKey(
  client: Queryable,
  region: string,
  wanted: Omit<NewApiKey, 'keyId' | 'secretHash' | 'createdBy'> &
    Partial<Pick<NewApiKey, 'createdBy'>>,
): Promise<{ id: string; key: string }> {
  const key = generateApiKey(region);
  const id = createEventId(Date.now() * 1000);
  await insertApiKey(client, {
    createdBy: OPERATOR,
    ...wanted,
    keyId: id,
    secretHash: hashApiKey(key),
  });
  return { id, key };
}
