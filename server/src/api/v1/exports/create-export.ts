import type { FastifyInstance } from 'fastify';
import { createExport } from '../../../exports/request/create-export.ts';
import type { ExportRequest } from '../../../exports/request/export-request.ts';
import { exportJobJson } from '../../../exports/export-job.ts';
import type { ApiDeps } from '../../api-deps.ts';
import { idempotencyKey } from '../../idempotency-key.ts';
import { jsonBody } from '../../json-body.ts';
import { callerOf } from '../../principal.ts';
import { requireHotSource } from './require-hot-source.ts';
import {
  CREATE_EXPORT_DOCUMENTATION,
  type CreateExportBody,
  createExportBody,
} from './export-schemas.ts';

/** POST /v1/exports: 201 with the new job, or 200 with the first job if an Idempotency-Key is replayed. */
export function createExportRoute(app: FastifyInstance, deps: ApiDeps): void {
  app.post('/exports', { schema: CREATE_EXPORT_DOCUMENTATION }, async (request, reply) => {
    const { principal, region, origin } = callerOf(deps, request, 'exports:write');
    const body = jsonBody(request, createExportBody);
    requireHotSource(body.source);
    const { job, replayed } = await createExport(
      {
        pool: region.pool,
        queue: region.queue,
        maxRows: deps.settings.exportMaxRows,
        maxRunning: deps.settings.exportMaxRunning,
        maxPending: deps.settings.quotas?.pendingExports,
        maxArtifactBytes: deps.settings.quotas?.artifactBytes,
      },
      {
        scope: principal.scope,
        actor: principal.actor,
        origin,
        request: exportRequest(body),
        idempotencyKey: idempotencyKey(request),
      },
    );
    return reply
      .code(replayed ? 200 : 201)
      .header('location', `/v1/exports/${job.jobId}`)
      .send(exportJobJson(job));
  });
}

function exportRequest({
  format,
  compression,
  csv,
  filters,
  limit,
  purpose,
}: CreateExportBody): ExportRequest {
  return { format, compression, csv, filters, limit: limit ?? null, purpose: purpose ?? null };
}
