import type { FastifyInstance } from 'fastify';
import { deleteExportFile } from '../../../exports/artifact/delete-export-file.ts';
import { exportJobJson } from '../../../exports/export-job.ts';
import { requireOwnership } from '../../../tenancy/access.ts';
import type { ApiDeps } from '../../api-deps.ts';
import { findVisibleExport } from '../../v1/exports/find-visible-export.ts';
import { dashboardCaller } from '../caller.ts';

/** DELETE /dashboard/exports/:jobId/artifact: 200 with the job, also if its file was already deleted. */
export function deleteFileRoute(app: FastifyInstance, deps: ApiDeps): void {
  app.delete<{ Params: { jobId: string } }>(
    '/exports/:jobId/artifact',
    { schema: { hide: true } },
    async (request) => {
      const caller = await dashboardCaller(deps, request, 'exports.deleteFile');
      const { region, scope, actor, origin } = caller;
      const job = await findVisibleExport(region, scope, request.params.jobId);
      const maker = { type: job.requestedByType, id: job.requestedById };
      requireOwnership(caller, 'exports.deleteFile', maker);
      const { pool, store } = region;
      return exportJobJson(
        await deleteExportFile({ pool, store, log: request.log }, { job, actor, origin }),
      );
    },
  );
}
