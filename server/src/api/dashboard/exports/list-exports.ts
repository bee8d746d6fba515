import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { exportJobJson } from '../../../exports/export-job.ts';
import { EXPORT_STATUSES } from '../../../../../contract/export-state.ts';
import { EXPORT_FORMATS } from '../../../exports/formats/format.ts';
import { listExports } from '../../../exports/request/sql/list-exports.ts';
import { cutPage } from '../../../regions/page-within-bytes.ts';
import { inCompany } from '../../../regions/transaction.ts';
import { resolveWorkspaces } from '../../../tenancy/scope.ts';
import type { ApiDeps } from '../../api-deps.ts';
import { decodeCursor, encodeCursor, listFingerprint } from '../../cursor.ts';
import { readPaging } from '../../paging.ts';
import { dashboardCaller } from '../caller.ts';
import { readParameters } from '../read-query.ts';

const DEFAULT_LIMIT = 50;

const status = z.enum(EXPORT_STATUSES);
const parameters = z.object({
  status: z.union([status.transform((one) => [one]), z.array(status)]).optional(),
  format: z.enum(EXPORT_FORMATS).optional(),
  /** The id of a user or an API key. */
  requestedBy: z
    .string()
    .min(1)
    .max(200)
    .refine((id) => !id.includes('\0'), 'must not contain the character U+0000')
    .optional(),
  workspaceId: z.uuid().toLowerCase().optional(),
  rerunOf: z.uuid().toLowerCase().optional(),
});

/** GET /dashboard/exports: the jobs that the caller may see, newest first. */
export function listExportsRoute(app: FastifyInstance, deps: ApiDeps): void {
  app.get('/exports', { schema: { hide: true } }, async (request) => {
    const { region, scope } = await dashboardCaller(deps, request, 'exports.read');
    const { paging, rest } = readPaging(request.query);
    const filter = readParameters(rest, parameters);
    const { workspaceId } = filter;
    const list = listFingerprint('dashboard exports', scope.companyId, filter);
    const before = paging.cursor === undefined ? undefined : decodeCursor(list, paging.cursor);
    const limit = paging.limit ?? DEFAULT_LIMIT;
    const jobs = await inCompany(region.pool, scope.companyId, async (client) => {
      if (workspaceId !== undefined) await resolveWorkspaces(client, scope, [workspaceId]);
      return listExports(client, {
        scope,
        status: filter.status,
        format: filter.format,
        requestedById: filter.requestedBy,
        workspaceId,
        rerunOf: filter.rerunOf,
        before,
        limit: limit + 1,
      });
    });
    const { page, last } = cutPage(jobs, limit);
    const nextCursor = last === undefined ? null : encodeCursor(list, last.jobId);
    return { data: page.map(exportJobJson), nextCursor };
  });
}
