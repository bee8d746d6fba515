import type { FastifyInstance } from 'fastify';
import { exportJobJson } from '../../../exports/export-job.ts';
import type { ApiDeps } from '../../api-deps.ts';
import { callerOf } from '../../principal.ts';
import { GET_EXPORT_DOCUMENTATION } from './export-schemas.ts';
import { findVisibleExport } from './find-visible-export.ts';

/** GET /v1/exports/:jobId */
export function getExport(app: FastifyInstance, deps: ApiDeps): void {
  app.get<{ Params: { jobId: string } }>(
    '/exports/:jobId',
    { schema: GET_EXPORT_DOCUMENTATION },
    async (request) => {
      const { principal, region } = callerOf(deps, request, 'exports:read');
      return exportJobJson(await findVisibleExport(region, principal.scope, request.params.jobId));
    },
  );
}
