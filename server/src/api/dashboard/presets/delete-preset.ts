import type { FastifyInstance } from 'fastify';
import { findVisiblePreset } from '../../../exports/presets/find-visible-preset.ts';
import { removePreset } from '../../../exports/presets/save-preset.ts';
import { inCompany } from '../../../regions/transaction.ts';
import { requireOwnership } from '../../../tenancy/access.ts';
import type { ApiDeps } from '../../api-deps.ts';
import { dashboardCaller } from '../caller.ts';
import { auditPreset } from './audit-preset.ts';
import { requireVersion } from './if-match.ts';
import type { PresetRoutes } from './preset-routes.ts';

/** DELETE: 204. Jobs created from it keep its id. */
export function deletePresetRoute(
  app: FastifyInstance,
  deps: ApiDeps,
  { kind, path, edit }: PresetRoutes,
): void {
  app.delete<{ Params: { presetId: string } }>(
    `${path}/:presetId`,
    { schema: { hide: true } },
    async (request, reply) => {
      const caller = await dashboardCaller(deps, request, edit);
      const { scope, region } = caller;
      await inCompany(region.pool, scope.companyId, async (client) => {
        const id = request.params.presetId;
        const preset = await findVisiblePreset(client, kind, scope, id, { lock: true });
        requireOwnership(caller, edit, { type: 'user', id: preset.createdBy });
        requireVersion(request, preset.version);
        await removePreset(client, kind, preset);
        await auditPreset(client, { caller, kind, action: kind.audit.deleted }, preset);
      });
      return reply.code(204).send();
    },
  );
}
