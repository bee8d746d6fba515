import type { FastifyInstance } from 'fastify';
import { resolveRange } from '../../../events/query/resolve-range.ts';
import { estimateExport } from '../../../exports/request/estimate-export.ts';
import { parseOverlay } from '../../../exports/request/merge-filters.ts';
import { inCompany } from '../../../regions/transaction.ts';
import { resolveWorkspaces } from '../../../tenancy/scope.ts';
import type { ApiDeps } from '../../api-deps.ts';
import { jsonBody } from '../../json-body.ts';
import { requireHotSource } from '../../v1/exports/require-hot-source.ts';
import { dashboardCaller } from '../caller.ts';
import { viewFilters } from './create-export.ts';
import { estimateBody } from './export-bodies.ts';

/** POST /dashboard/exports/estimate: the rows and bytes that an export would have; creates nothing. */
export function estimateExportRoute(app: FastifyInstance, deps: ApiDeps): void {
  app.post('/exports/estimate', { schema: { hide: true } }, async (request) => {
    const caller = await dashboardCaller(deps, request, 'exports.create');
    const { scope, region } = caller;
    const body = jsonBody(request, estimateBody);
    requireHotSource(body.source);
    const viewId = body.savedExplorerViewId ?? null;
    const asked = await viewFilters(caller, viewId, parseOverlay(body.filters));
    const filters = resolveRange(asked, new Date());
    const { companyId } = scope;
    const workspaceIds = await inCompany(region.reads, companyId, (client) =>
      resolveWorkspaces(client, scope, filters.workspaceIds),
    );
    return estimateExport(region.reads, {
      filters,
      scope: { companyId, workspaceIds },
      format: body.format,
      compression: body.compression,
      csv: body.csv,
      limit: body.limit ?? null,
      maxRows: deps.settings.exportMaxRows,
    });
  });
}
