import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { strictFields } from '../../../events/json/strict-fields.ts';
import { validationProblem } from '../../../events/query/validation-problem.ts';
import { provisionAsApi } from '../../../tenancy/sql/provision-as-api.ts';
import type { ApiDeps } from '../../api-deps.ts';
import { jsonBody } from '../../json-body.ts';
import { systemCaller } from '../caller.ts';

const name = z.string().trim().min(1).max(200);
const companyBody = strictFields({
  name,
  workspaces: z
    .array(strictFields({ id: z.uuid().toLowerCase(), name }))
    .max(10_000)
    .refine(
      (workspaces) => new Set(workspaces.map(({ id }) => id)).size === workspaces.length,
      'must not name a workspace twice',
    ),
});

/** PUT /dashboard/company: creates or renames the token's company and its workspaces; 204, idempotent. */
export function provisionCompanyRoute(app: FastifyInstance, deps: ApiDeps): void {
  app.put('/company', { schema: { hide: true } }, async (request, reply) => {
    const { region, companyId } = await systemCaller(deps, request);
    if (companyId === undefined)
      throw validationProblem([{ path: 'companyId', message: 'must be in the token' }]);
    const body = jsonBody(request, companyBody);
    await provisionAsApi(region.pool, { id: companyId, ...body });
    return reply.code(204).send();
  });
}
