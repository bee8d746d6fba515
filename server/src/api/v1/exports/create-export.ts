import type { FastifyInstance } from 'fastify';
import { Problem } from '../../../errors.ts';
import { createExport, type ExportRequest } from '../../../exports/create-export.ts';
import { exportJobJson } from '../../../exports/export-job.ts';
import type { ApiDeps } from '../../api-deps.ts';
import { jsonBody } from '../../json-body.ts';
import { callerOf } from '../../principal.ts';
import {
  CREATE_EXPORT_DOCUMENTATION,
  type CreateExportBody,
  createExportBody,
} from './export-schemas.ts';

const MOST_KEY_CHARACTERS = 255;

/** POST /v1/exports: 201 with the new job, 200 with the first one when an Idempotency-Key is replayed. */
export function createExportRoute(app: FastifyInstance, deps: ApiDeps): void {
  app.post('/exports', { schema: CREATE_EXPORT_DOCUMENTATION }, async (request, reply) => {
    const { principal, region, origin } = await callerOf(deps, request, 'exports:write');
    const body = jsonBody(request, createExportBody);
    if (body.source !== 'HOT') {
      throw new Problem(
        'SOURCE_UNSUPPORTED',
        'Only the source HOT can be exported in this version.',
        {
          errors: [{ path: 'source', message: 'must be HOT' }],
        },
      );
    }
    const { job, replayed } = await createExport(
      { pool: region.pool, queue: region.queue, maxRows: deps.settings.exportMaxRows },
      {
        scope: principal.scope,
        actor: principal.actor,
        origin,
        request: exportRequest(body),
        idempotencyKey: idempotencyKey(request.headers['idempotency-key']),
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

function idempotencyKey(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  if (typeof header === 'string' && header.length >= 1 && header.length <= MOST_KEY_CHARACTERS)
    return header;
  const message = `must be 1 to ${MOST_KEY_CHARACTERS} characters, given once`;
  throw new Problem('VALIDATION_FAILED', `Idempotency-Key: ${message}`, {
    errors: [{ path: 'Idempotency-Key', message }],
  });
}
