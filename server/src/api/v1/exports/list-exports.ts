import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { problemFromZodError } from '../../../events/query/validation-problem.ts';
import { exportJobJson } from '../../../exports/export-job.ts';
import { EXPORT_STATUSES } from '../../../../../contract/export-state.ts';
import { EXPORT_FORMATS } from '../../../exports/formats/format.ts';
import { listExports } from '../../../exports/request/sql/list-exports.ts';
import { cutPage } from '../../../regions/page-within-bytes.ts';
import { inCompany } from '../../../regions/transaction.ts';
import type { ApiDeps } from '../../api-deps.ts';
import { decodeCursor, encodeCursor, listFingerprint } from '../../cursor.ts';
import { readPaging } from '../../paging.ts';
import { callerOf } from '../../principal.ts';
import { LIST_EXPORTS_DOCUMENTATION } from './export-schemas.ts';

const DEFAULT_LIMIT = 50;

const status = z.enum(EXPORT_STATUSES);
const filterSchema = z.strictObject({
  status: z.union([status.transform((one) => [one]), z.array(status)]).optional(),
  format: z.enum(EXPORT_FORMATS).optional(),
});

/** GET /v1/exports: the caller's jobs, newest first. */
export function listExportsRoute(app: FastifyInstance, deps: ApiDeps): void {
  app.get('/exports', { schema: LIST_EXPORTS_DOCUMENTATION }, async (request) => {
    const { principal, region } = callerOf(deps, request, 'exports:read');
    const { paging, rest } = readPaging(request.query);
    const filter = filterSchema.safeParse(rest);
    if (!filter.success) throw problemFromZodError(filter.error, { prefix: '' });
    const { scope } = principal;
    const list = listFingerprint('exports', scope, filter.data);
    const before = paging.cursor === undefined ? undefined : decodeCursor(list, paging.cursor);
    const limit = paging.limit ?? DEFAULT_LIMIT;
    const jobs = await inCompany(region.pool, scope.companyId, (client) =>
      listExports(client, {
        scope,
        status: filter.data.status,
        format: filter.data.format,
        before,
        limit: limit + 1,
      }),
    );
    const { page, last } = cutPage(jobs, limit);
    const nextCursor = last === undefined ? null : encodeCursor(list, last.jobId);
    return { data: page.map(exportJobJson), nextCursor };
  });
}
