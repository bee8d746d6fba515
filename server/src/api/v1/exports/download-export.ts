import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ApiDeps } from '../../api-deps.ts';
import { callerOf } from '../../principal.ts';
import { sendArtifact } from '../../send-artifact.ts';
import { DOWNLOAD_EXPORT_DOCUMENTATION } from './export-schemas.ts';
import { findVisibleExport } from './find-visible-export.ts';

type DownloadRequest = FastifyRequest<{ Params: { jobId: string } }>;

/** GET and HEAD /v1/exports/:jobId/download: streams the file; supports Range requests. */
export function downloadExport(app: FastifyInstance, deps: ApiDeps): void {
  const url = '/exports/:jobId/download';
  const answer = (request: DownloadRequest, reply: FastifyReply) =>
    answerDownload(deps, request, reply);
  // Documented with GET: OpenAPI tools treat the two as one operation.
  app.head(url, { schema: { hide: true } }, answer);
  app.get(url, { schema: DOWNLOAD_EXPORT_DOCUMENTATION }, answer);
}

async function answerDownload(deps: ApiDeps, request: DownloadRequest, reply: FastifyReply) {
  const { principal, region, origin } = callerOf(deps, request, 'exports:read');
  const job = await findVisibleExport(region, principal.scope, request.params.jobId);
  return sendArtifact({ region, actor: principal.actor, origin, job }, request, reply);
}
