import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import { type FilterOverlay, parseOverlay } from '../../../exports/request/merge-filters.ts';
import { findVisiblePreset } from '../../../exports/presets/find-visible-preset.ts';
import { SAVED_VIEW } from '../../../exports/presets/preset.ts';
import { requireUnderstood } from '../../../exports/request/require-understood.ts';
import { scopedFilters } from '../../../exports/request/scoped-filters.ts';
import type { EventQuery } from '../../../../../contract/event-query.ts';
import { inCompany } from '../../../regions/transaction.ts';
import type { ApiDeps } from '../../api-deps.ts';
import { jsonBody } from '../../json-body.ts';
import { requireHotSource } from '../../v1/exports/require-hot-source.ts';
import { type DashboardCaller, dashboardCaller } from '../caller.ts';
import { newExport } from './export-bodies.ts';
import { type JobPlan, startJob } from './start-job.ts';

/** POST /dashboard/exports: creates a job from filters, from a saved view, or from a view overlaid with filters. */
export function createExportRoute(app: FastifyInstance, deps: ApiDeps): void {
  app.post('/exports', { schema: { hide: true } }, async (request, reply) => {
    const caller = await dashboardCaller(deps, request, 'exports.create');
    const body = jsonBody(request, newExport);
    requireHotSource(body.source);
    const overlay = parseOverlay(body.filters);
    const asked = { ...body, filters: [overlay.given, [...overlay.cleared].sort()] };
    return startJob(deps, caller, [request, reply], {
      asked,
      plan: () => planExport(caller, body, overlay),
    });
  });
}

async function planExport(
  caller: DashboardCaller,
  body: z.output<typeof newExport>,
  overlay: FilterOverlay,
): Promise<JobPlan> {
  const { format, compression, csv, limit, purpose } = body;
  const viewId = body.savedExplorerViewId ?? null;
  const filters = await viewFilters(caller, viewId, overlay);
  return {
    request: { format, compression, csv, filters, limit: limit ?? null, purpose: purpose ?? null },
    lineage: { savedExplorerViewId: viewId, templateId: null, rerunOf: null },
  };
}

/**
 * Combines the filters of a request with those of the saved view that it may name.
 * @throws Problem NOT_FOUND for a view that the caller cannot see; the problems of scopedFilters
 */
export async function viewFilters(
  caller: DashboardCaller,
  viewId: string | null,
  overlay: FilterOverlay,
): Promise<EventQuery> {
  const { scope, region } = caller;
  return inCompany(region.pool, scope.companyId, async (client) => {
    const stored: EventQuery =
      viewId === null
        ? { version: 1 }
        : (await findVisiblePreset(client, SAVED_VIEW, scope, viewId)).query;
    requireUnderstood({ noun: SAVED_VIEW.noun, filters: stored });
    return scopedFilters(client, { user: caller, action: 'exports.create', stored, overlay });
  });
}
