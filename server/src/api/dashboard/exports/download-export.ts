import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ApiDeps } from '../../api-deps.ts';
import { sendArtifact } from '../../send-artifact.ts';
import { findVisibleExport } from '../../v1/exports/find-visible-export.ts';
import { dashboardCaller } from '../caller.ts';

type DownloadRequest = FastifyRequest<{ Params: { jobId: string } }>;

/** GET and HEAD /dashboard/exports/:jobId/download: the file, if the caller's current memberships give access to it. */
export function downloadExportRoute(app: FastifyInstance, deps: ApiDeps): void {
  const url = '/exports/:jobId/download';
  const answer = async (request: DownloadRequest, reply: FastifyReply) => {
    const caller = await dashboardCaller(deps, request, 'exports.download');
    const { region, scope, actor, origin } = caller;
    const job = await findVisibleExport(region, scope, request.params.jobId);
    return sendArtifact({ region, actor, origin, job }, request, reply);
  };
  app.head(url, { schema: { hide: true } }, answer);
  app.get(url, { schema: { hide: true } }, answer);
}
