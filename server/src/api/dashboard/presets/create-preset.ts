import type { FastifyInstance, FastifyRequest } from 'fastify';
import { requirePresets } from '../../../exports/presets/find-visible-preset.ts';
import type { PresetKind } from '../../../exports/presets/preset.ts';
import { createPreset } from '../../../exports/presets/save-preset.ts';
import { inCompany } from '../../../regions/transaction.ts';
import { requireOwnPlace } from '../../../tenancy/access.ts';
import type { ApiDeps } from '../../api-deps.ts';
import { jsonBody } from '../../json-body.ts';
import { dashboardCaller } from '../caller.ts';
import { auditPreset } from './audit-preset.ts';
import { entityVersion } from './if-match.ts';
import type { PresetRoutes } from './preset-routes.ts';
import { newTemplate, newView, presetJson } from './preset-schemas.ts';

/** POST: 201 with the new view or template. */
export function createPresetRoute(
  app: FastifyInstance,
  deps: ApiDeps,
  { kind, path, create }: PresetRoutes,
): void {
  app.post(path, { schema: { hide: true } }, async (request, reply) => {
    const caller = await dashboardCaller(deps, request, create);
    const { scope, actor, region } = caller;
    const body = readBody(request, kind);
    requireOwnPlace(caller, create, body.workspaceId);
    const preset = await inCompany(region.pool, scope.companyId, async (client) => {
      await requirePresets(client, kind);
      const wanted = {
        ...body,
        companyId: scope.companyId,
        createdBy: actor.id,
        createdByLabel: actor.label,
      };
      const made = await createPreset(client, kind, scope, wanted, deps.settings.quotas);
      await auditPreset(client, { caller, kind, action: kind.audit.created }, made);
      return made;
    });
    return reply
      .code(201)
      .header('location', `/dashboard${path}/${preset.id}`)
      .header('etag', entityVersion(preset.version))
      .send(presetJson(preset));
  });
}

function readBody(request: FastifyRequest, { hasOptions }: PresetKind) {
  if (!hasOptions) return { ...jsonBody(request, newView), options: null };
  const { format, compression, csv, ...body } = jsonBody(request, newTemplate);
  return { ...body, options: { format, compression, csv } };
}
