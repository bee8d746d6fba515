import type { FastifyInstance } from 'fastify';
import { sumArtifactBytes } from '../../../exports/artifact/sql/sum-artifact-bytes.ts';
import { inCompany } from '../../../regions/transaction.ts';
import type { ApiDeps } from '../../api-deps.ts';
import { dashboardCaller } from '../caller.ts';

/**
 * GET /dashboard/exports/usage: the number and size of the company's export files. `files` and `artifactBytes` are null
 * in a region that has not been migrated, `maxArtifactBytes` is null without a limit.
 */
export function exportUsageRoute(app: FastifyInstance, deps: ApiDeps): void {
  app.get('/exports/usage', { schema: { hide: true } }, async (request) => {
    const { region, scope } = await dashboardCaller(deps, request, 'exports.read');
    const { companyId } = scope;
    const usage = await inCompany(region.pool, companyId, (client) =>
      sumArtifactBytes(client, companyId),
    );
    return {
      files: usage?.files ?? null,
      artifactBytes: usage?.bytes ?? null,
      maxArtifactBytes: deps.settings.quotas?.artifactBytes ?? null,
    };
  });
}
