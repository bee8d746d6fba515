import type { FastifyInstance } from 'fastify';
import { exportJobJson } from '../../../exports/export-job.ts';
import type { ApiDeps } from '../../api-deps.ts';
import { findVisibleExport } from '../../v1/exports/find-visible-export.ts';
import { dashboardCaller } from '../caller.ts';

/** GET /dashboard/exports/:jobId */
export function getExportRoute(app: FastifyInstance, deps: ApiDeps): void {
  app.get<{ Params: { jobId: string } }>(
    '/exports/:jobId',
    { schema: { hide: true } },
    async (request) => {
      const { region, scope } = await dashboardCaller(deps, request, 'exports.read');
      return exportJobJson(await findVisibleExport(region, scope, request.params.jobId));
    },
  );
}
