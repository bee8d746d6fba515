import type { Queryable } from '../regions/sql.ts';
import type { OPERATOR, OPERATOR_ORIGIN } from './audit-log.ts';
import { type Actor, appendAudit, type RequestOrigin } from './audit-log.ts';
import type { ListedApiKey } from './sql/list-api-keys.ts';

type DescribedKey = Pick<
  ListedApiKey,
  'companyId' | 'keyId' | 'name' | 'workspaceId' | 'permissions' | 'expiresAt' | 'createdBy'
>;

interface KeyAct {
  readonly action: 'API_KEY_CREATED' | 'API_KEY_REVOKED';
  readonly key: DescribedKey;
  readonly actor: Actor | typeof OPERATOR;
  readonly origin: RequestOrigin | typeof OPERATOR_ORIGIN;
}

/** Records in the same transaction that a key was created or revoked, including its permissions. */
export async function auditApiKey(
  client: Queryable,
  { action, key, actor, origin }: KeyAct,
): Promise<void> {
  const { companyId, keyId, name, workspaceId, permissions, expiresAt, createdBy } = key;
  const scope = workspaceId === null ? 'company' : 'workspace';
  await appendAudit(client, {
    companyId,
    actor,
    origin,
    action,
    subject: { type: 'api_key', id: keyId },
    details: { name, scope, workspaceId, permissions, expiresAt, createdBy },
  });
}
