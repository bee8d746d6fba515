import type { FastifyInstance } from 'fastify';
import { Problem } from '../../../errors.ts';
import { inCompany } from '../../../regions/transaction.ts';
import { auditApiKey } from '../../../tenancy/audit-api-key.ts';
import { listApiKeys } from '../../../tenancy/sql/list-api-keys.ts';
import { revokeApiKey } from '../../../tenancy/sql/revoke-api-key.ts';
import type { ApiDeps } from '../../api-deps.ts';
import { dashboardCaller } from '../caller.ts';

/** DELETE /dashboard/api-keys/:id: 204, also if the key was already revoked; its next request is rejected. */
export function revokeKeyRoute(app: FastifyInstance, deps: ApiDeps): void {
  app.delete<{ Params: { id: string } }>(
    '/api-keys/:id',
    { schema: { hide: true } },
    async (request, reply) => {
      const { region, scope, actor, origin } = await dashboardCaller(deps, request, 'keys.manage');
      const { companyId } = scope;
      const id = request.params.id.toLowerCase();
      await inCompany(region.pool, companyId, async (client) => {
        const keys = await listApiKeys(client, companyId);
        const key = keys.find(({ keyId }) => keyId === id);
        if (key === undefined) throw new Problem('NOT_FOUND', 'There is no API key with this id.');
        if (!(await revokeApiKey(client, companyId, id))) return;
        await auditApiKey(client, { action: 'API_KEY_REVOKED', key, actor, origin });
      });
      return reply.code(204).send();
    },
  );
}
