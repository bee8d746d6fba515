import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { type FilterOverlay, parseOverlay } from '../../../exports/request/merge-filters.ts';
import { findVisiblePreset } from '../../../exports/presets/find-visible-preset.ts';
import { EXPORT_TEMPLATE } from '../../../exports/presets/preset.ts';
import { requireUnderstood } from '../../../exports/request/require-understood.ts';
import { scopedFilters } from '../../../exports/request/scoped-filters.ts';
import { inCompany } from '../../../regions/transaction.ts';
import type { ApiDeps } from '../../api-deps.ts';
import { rawBody } from '../../../../../http-edge/json-body.ts';
import { jsonBody } from '../../json-body.ts';
import { type DashboardCaller, dashboardCaller } from '../caller.ts';
import { overlayOptions } from '../presets/overlay-options.ts';
import { templateRun } from './export-bodies.ts';
import { type JobPlan, startJob } from './start-job.ts';

/** POST /dashboard/export-templates/:templateId/run: creates a job; a relative range is resolved now. */
export function runTemplateRoute(app: FastifyInstance, deps: ApiDeps): void {
  app.post<{ Params: { presetId: string } }>(
    '/export-templates/:presetId/run',
    { schema: { hide: true } },
    async (request, reply) => {
      const caller = await dashboardCaller(deps, request, 'templates.run');
      const templateId = request.params.presetId.toLowerCase();
      const body = overridesOf(request);
      const overlay = parseOverlay(body.filters);
      const filters = [overlay.given, [...overlay.cleared].sort()];
      return startJob(deps, caller, [request, reply], {
        asked: { templateId, ...body, filters },
        plan: () => planRun(caller, templateId, body, overlay),
      });
    },
  );
}

type Overrides = z.output<typeof templateRun>;

/** Without a body, the template is run unchanged. */
function overridesOf(request: FastifyRequest): Overrides {
  return rawBody(request).length === 0 ? {} : jsonBody(request, templateRun);
}

async function planRun(
  caller: DashboardCaller,
  templateId: string,
  overrides: Overrides,
  overlay: FilterOverlay,
): Promise<JobPlan> {
  const { scope, region } = caller;
  return inCompany(region.pool, scope.companyId, async (client) => {
    const template = await findVisiblePreset(client, EXPORT_TEMPLATE, scope, templateId);
    if (template.options === null) throw new Error('a template has export options');
    const { query: stored } = template;
    const { format, compression } = overlayOptions(template.options, overrides);
    requireUnderstood({ noun: EXPORT_TEMPLATE.noun, filters: stored, format, compression });
    const filters = await scopedFilters(client, {
      user: caller,
      action: 'templates.run',
      stored,
      overlay,
    });
    return {
      request: {
        ...overlayOptions(template.options, overrides),
        filters,
        limit: overrides.limit ?? null,
        purpose: overrides.purpose ?? null,
      },
      lineage: { savedExplorerViewId: null, templateId, rerunOf: null },
    };
  });
}
