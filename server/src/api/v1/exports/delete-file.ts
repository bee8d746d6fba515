import type { FastifyInstance } from 'fastify';
import { deleteExportFile } from '../../../exports/artifact/delete-export-file.ts';
import { exportJobJson } from '../../../exports/export-job.ts';
import type { ApiDeps } from '../../api-deps.ts';
import { callerOf } from '../../principal.ts';
import { DELETE_FILE_DOCUMENTATION } from './export-schemas.ts';
import { findVisibleExport } from './find-visible-export.ts';

/** DELETE /v1/exports/:jobId/artifact: 200 with the job, also if its file was already deleted. */
export function deleteFileRoute(app: FastifyInstance, deps: ApiDeps): void {
  app.delete<{ Params: { jobId: string } }>(
    '/exports/:jobId/artifact',
    { schema: DELETE_FILE_DOCUMENTATION },
    async (request) => {
      const { principal, region, origin } = callerOf(deps, request, 'exports:write');
      const job = await findVisibleExport(region, principal.scope, request.params.jobId);
      const { pool, store } = region;
      const deletion = { job, actor: principal.actor, origin };
      return exportJobJson(await deleteExportFile({ pool, store, log: request.log }, deletion));
    },
  );
}
