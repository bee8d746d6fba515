import { createEventId } from '../events/event-id.ts';
import type { Queryable } from '../regions/sql.ts';
import { generateApiKey, hashApiKey } from './api-key.ts';
import { insertApiKey, type NewApiKey } from './sql/insert-api-key.ts';

/** Makes and stores a key. The key itself is in the answer and nowhere else. */
export async function issueApiKey(
  client: Queryable,
  region: string,
  wanted: Omit<NewApiKey, 'keyId' | 'secretHash'>,
): Promise<{ id: string; key: string }> {
  const key = generateApiKey(region);
  const id = createEventId(Date.now() * 1000);
  await insertApiKey(client, { ...wanted, keyId: id, secretHash: hashApiKey(key) });
  return { id, key };
}
