import type { FastifyInstance } from 'fastify';
import { cancelExport } from '../../../exports/request/cancel-export.ts';
import { exportJobJson } from '../../../exports/export-job.ts';
import { requireOwnership } from '../../../tenancy/access.ts';
import type { ApiDeps } from '../../api-deps.ts';
import { findVisibleExport } from '../../v1/exports/find-visible-export.ts';
import { dashboardCaller } from '../caller.ts';

/** POST /dashboard/exports/:jobId/cancel: waits up to three seconds for a running job to stop. */
export function cancelExportRoute(app: FastifyInstance, deps: ApiDeps): void {
  app.post<{ Params: { jobId: string } }>(
    '/exports/:jobId/cancel',
    { schema: { hide: true } },
    async (request) => {
      const caller = await dashboardCaller(deps, request, 'exports.cancel');
      const { region, scope, actor, origin } = caller;
      const job = await findVisibleExport(region, scope, request.params.jobId);
      const maker = { type: job.requestedByType, id: job.requestedById };
      requireOwnership(caller, 'exports.cancel', maker);
      return exportJobJson(await cancelExport(region.pool, { job, actor, origin }));
    },
  );
}
