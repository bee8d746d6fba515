import { canonicalOrder } from '../../../../../contract/event-query.ts';
import type { FastifyInstance } from 'fastify';
import { findVisiblePreset } from '../../../exports/presets/find-visible-preset.ts';
import { SAVED_VIEW } from '../../../exports/presets/preset.ts';
import { requireUnderstood } from '../../../exports/request/require-understood.ts';
import { inCompany } from '../../../regions/transaction.ts';
import { intersectWorkspaces } from '../../../tenancy/scope.ts';
import type { ApiDeps } from '../../api-deps.ts';
import { dashboardCaller } from '../caller.ts';
import { auditPreset } from './audit-preset.ts';

/** POST /dashboard/explorer/views/:viewId/run: the view's query, limited to the caller's workspaces. */
export function runViewRoute(app: FastifyInstance, deps: ApiDeps): void {
  app.post<{ Params: { presetId: string } }>(
    '/explorer/views/:presetId/run',
    { schema: { hide: true } },
    async (request) => {
      const caller = await dashboardCaller(deps, request, 'views.read');
      const { scope, region } = caller;
      return inCompany(region.pool, scope.companyId, async (client) => {
        const view = await findVisiblePreset(client, SAVED_VIEW, scope, request.params.presetId);
        const { query } = view;
        requireUnderstood({ noun: SAVED_VIEW.noun, filters: query });
        const workspaceIds =
          query.workspaceIds === undefined
            ? undefined
            : await intersectWorkspaces(client, scope, query.workspaceIds);
        await auditPreset(client, { caller, kind: SAVED_VIEW, action: 'SAVED_VIEW_RUN' }, view);
        return { query: canonicalOrder({ ...query, workspaceIds }) };
      });
    },
  );
}
