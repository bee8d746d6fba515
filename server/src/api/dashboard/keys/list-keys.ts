import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { inCompany } from '../../../regions/transaction.ts';
import { listApiKeys } from '../../../tenancy/sql/list-api-keys.ts';
import type { ApiDeps } from '../../api-deps.ts';
import { dashboardCaller } from '../caller.ts';
import { readParameters } from '../read-query.ts';
import { keyJson } from './key-json.ts';

const parameters = z.object({ createdBy: z.string().min(1).max(64).toLowerCase().optional() });

/** GET /dashboard/api-keys: the keys of the company or of one creator, newest first, including revoked keys. */
export function listKeysRoute(app: FastifyInstance, deps: ApiDeps): void {
  app.get('/api-keys', { schema: { hide: true } }, async (request) => {
    const { region, scope } = await dashboardCaller(deps, request, 'keys.manage');
    const { createdBy } = readParameters(request.query, parameters);
    const keys = await inCompany(region.pool, scope.companyId, (client) =>
      listApiKeys(client, scope.companyId, createdBy),
    );
    const now = new Date();
    return { data: keys.map((key) => keyJson(key, now)), nextCursor: null };
  });
}
