import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { strictFields } from '../../../events/json/strict-fields.ts';
import { inCompany } from '../../../regions/transaction.ts';
import { PERMISSIONS } from '../../../tenancy/api-key.ts';
import { auditApiKey } from '../../../tenancy/audit-api-key.ts';
import { issueApiKey } from '../../../tenancy/issue-api-key.ts';
import { nameText } from '../../../tenancy/name-text.ts';
import { requireRoom } from '../../../tenancy/quota.ts';
import { resolveWorkspaces } from '../../../tenancy/scope.ts';
import { countApiKeys } from '../../../tenancy/sql/count-api-keys.ts';
import { listApiKeys } from '../../../tenancy/sql/list-api-keys.ts';
import { lockQuota } from '../../../tenancy/sql/lock-quota.ts';
import type { ApiDeps } from '../../api-deps.ts';
import { jsonBody } from '../../json-body.ts';
import { dashboardCaller } from '../caller.ts';
import { keyJson } from './key-json.ts';

const newKey = strictFields({
  name: nameText(200),
  /** null: every workspace, including those created later. */
  workspaceId: z.uuid().toLowerCase().nullable().default(null),
  permissions: z
    .array(z.enum(PERMISSIONS))
    .min(1, 'must name at least one')
    .transform((named) => PERMISSIONS.filter((permission) => named.includes(permission))),
  expiresAt: z.iso
    .datetime({ offset: true })
    .transform((text) => new Date(text))
    .refine((at) => at > new Date(), 'must be in the future')
    .nullable()
    .default(null),
});

/** POST /dashboard/api-keys: 201 with the key, which is shown only once and stored only as a hash. */
export function createKeyRoute(app: FastifyInstance, deps: ApiDeps): void {
  app.post('/api-keys', { schema: { hide: true } }, async (request, reply) => {
    const { region, scope, actor, origin } = await dashboardCaller(deps, request, 'keys.manage');
    const body = jsonBody(request, newKey);
    const { companyId } = scope;
    const { issued, row } = await inCompany(region.pool, companyId, async (client) => {
      if (body.workspaceId !== null) await resolveWorkspaces(client, scope, [body.workspaceId]);
      await lockQuota(client, companyId, 'apiKeys');
      requireRoom('apiKeys', await countApiKeys(client, companyId), deps.settings.quotas?.apiKeys);
      const createdBy = { type: 'user', id: actor.id, label: actor.label } as const;
      const issued = await issueApiKey(client, region.name, { ...body, companyId, createdBy });
      const keys = await listApiKeys(client, companyId, actor.id);
      const row = keys.find(({ keyId }) => keyId === issued.id);
      if (row === undefined) throw new Error('the key was not stored');
      await auditApiKey(client, { action: 'API_KEY_CREATED', key: row, actor, origin });
      return { issued, row };
    });
    return reply.code(201).send({ ...keyJson(row, new Date()), key: issued.key });
  });
}
