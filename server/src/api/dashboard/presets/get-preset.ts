import type { FastifyInstance } from 'fastify';
import { findVisiblePreset } from '../../../exports/presets/find-visible-preset.ts';
import { inCompany } from '../../../regions/transaction.ts';
import type { ApiDeps } from '../../api-deps.ts';
import { dashboardCaller } from '../caller.ts';
import { entityVersion } from './if-match.ts';
import type { PresetRoutes } from './preset-routes.ts';
import { presetJson } from './preset-schemas.ts';

/** GET one view or template; its ETag is its version. */
export function getPresetRoute(
  app: FastifyInstance,
  deps: ApiDeps,
  { kind, path, read }: PresetRoutes,
): void {
  app.get<{ Params: { presetId: string } }>(
    `${path}/:presetId`,
    { schema: { hide: true } },
    async (request, reply) => {
      const { region, scope } = await dashboardCaller(deps, request, read);
      const preset = await inCompany(region.pool, scope.companyId, (client) =>
        findVisiblePreset(client, kind, scope, request.params.presetId),
      );
      return reply.header('etag', entityVersion(preset.version)).send(presetJson(preset));
    },
  );
}
