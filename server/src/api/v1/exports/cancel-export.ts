import type { FastifyInstance } from 'fastify';
import { cancelExport } from '../../../exports/request/cancel-export.ts';
import { exportJobJson } from '../../../exports/export-job.ts';
import type { ApiDeps } from '../../api-deps.ts';
import { callerOf } from '../../principal.ts';
import { CANCEL_EXPORT_DOCUMENTATION } from './export-schemas.ts';
import { findVisibleExport } from './find-visible-export.ts';

/** POST /v1/exports/:jobId/cancel: waits up to three seconds for a running job to stop. */
export function cancelExportRoute(app: FastifyInstance, deps: ApiDeps): void {
  app.post<{ Params: { jobId: string } }>(
    '/exports/:jobId/cancel',
    { schema: CANCEL_EXPORT_DOCUMENTATION },
    async (request) => {
      const { principal, region, origin } = callerOf(deps, request, 'exports:write');
      const job = await findVisibleExport(region, principal.scope, request.params.jobId);
      return exportJobJson(
        await cancelExport(region.pool, { job, actor: principal.actor, origin }),
      );
    },
  );
}
