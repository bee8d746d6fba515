import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { strictFields } from '../../../events/strict-fields.ts';
import { inCompany } from '../../../regions/transaction.ts';
import { PERMISSIONS } from '../../../tenancy/api-key.ts';
import { appendAudit } from '../../../tenancy/audit-log.ts';
import { issueApiKey } from '../../../tenancy/issue-api-key.ts';
import { requireRoom } from '../../../tenancy/quota.ts';
import { resolveWorkspaces } from '../../../tenancy/scope.ts';
import { countApiKeys } from '../../../tenancy/sql/count-api-keys.ts';
import { listApiKeys } from '../../../tenancy/sql/list-api-keys.ts';
import { lockQuota } from '../../../tenancy/sql/lock-quota.ts';
import type { ApiDeps } from '../../api-deps.ts';
import { jsonBody } from '../../json-body.ts';
import { NO_CONTROL_CHARACTERS } from '../../v1/exports/export-schemas.ts';
import { dashboardCaller } from '../caller.ts';
import { keyJson } from './key-json.ts';

const newKey = strictFields({
  name: z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .max(200, 'must be at most 200 characters')
    .regex(NO_CONTROL_CHARACTERS, 'must not contain control characters'),
  /** null: every workspace, those made later included */
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

/** POST /dashboard/api-keys: 201 with the key, which is shown this once and stored nowhere. */
export function createKeyRoute(app: FastifyInstance, deps: ApiDeps): void {
  app.post('/api-keys', { schema: { hide: true } }, async (request, reply) => {
    const { region, scope, actor, origin } = await dashboardCaller(deps, request, 'keys.manage');
    const body = jsonBody(request, newKey);
    const { companyId } = scope;
    const { issued, row } = await inCompany(region.pool, companyId, async (client) => {
      if (body.workspaceId !== null) await resolveWorkspaces(client, scope, [body.workspaceId]);
      await lockQuota(client, companyId, 'apiKeys');
      requireRoom('apiKeys', await countApiKeys(client, companyId), deps.settings.quotas?.apiKeys);
      const issued = await issueApiKey(client, region.name, { ...body, companyId });
      const { name, workspaceId, permissions, expiresAt } = body;
      await appendAudit(client, {
        companyId,
        actor,
        origin,
        action: 'API_KEY_CREATED',
        subject: { type: 'api_key', id: issued.id },
        details: { name, workspaceId, permissions, expiresAt },
      });
      const keys = await listApiKeys(client, companyId);
      return { issued, row: keys.find(({ keyId }) => keyId === issued.id) };
    });
    if (row === undefined) throw new Error('the key was not stored');
    return reply.code(201).send({ ...keyJson(row, new Date()), key: issued.key });
  });
}
