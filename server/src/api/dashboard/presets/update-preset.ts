import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import { findVisiblePreset } from '../../../exports/presets/find-visible-preset.ts';
import type { Preset } from '../../../exports/presets/preset.ts';
import { changePreset } from '../../../exports/presets/save-preset.ts';
import { inCompany } from '../../../regions/transaction.ts';
import { requireOwnership, requireOwnPlace } from '../../../tenancy/access.ts';
import type { ApiDeps } from '../../api-deps.ts';
import { jsonBody } from '../../json-body.ts';
import { dashboardCaller } from '../caller.ts';
import { auditPreset } from './audit-preset.ts';
import { entityVersion, requireVersion } from './if-match.ts';
import { overlayOptions } from './overlay-options.ts';
import type { PresetRoutes } from './preset-routes.ts';
import { presetJson, templatePatch, viewPatch } from './preset-schemas.ts';

/** PATCH: changes the given fields, if the caller has the newest version (If-Match). */
export function updatePresetRoute(
  app: FastifyInstance,
  deps: ApiDeps,
  { kind, path, edit }: PresetRoutes,
): void {
  app.patch<{ Params: { presetId: string } }>(
    `${path}/:presetId`,
    { schema: { hide: true } },
    async (request, reply) => {
      const caller = await dashboardCaller(deps, request, edit);
      const { scope, region } = caller;
      const body: Patch = jsonBody(request, kind.hasOptions ? templatePatch : viewPatch);
      const preset = await inCompany(region.pool, scope.companyId, async (client) => {
        const id = request.params.presetId;
        const current = await findVisiblePreset(client, kind, scope, id, { lock: true });
        requireOwnership(caller, edit, { type: 'user', id: current.createdBy });
        requireVersion(request, current.version);
        const wanted = patched(current, body);
        requireOwnPlace(caller, edit, wanted.workspaceId);
        const changed = await changePreset(client, kind, scope, wanted);
        await auditPreset(client, { caller, kind, action: kind.audit.updated }, changed, current);
        return changed;
      });
      return reply.header('etag', entityVersion(preset.version)).send(presetJson(preset));
    },
  );
}

/** Views have no export options. */
type Patch = z.output<typeof viewPatch> & Partial<z.output<typeof templatePatch>>;

function patched(current: Preset, patch: Patch): Preset {
  const workspaceId = patch.workspaceId === undefined ? current.workspaceId : patch.workspaceId;
  return {
    ...current,
    name: patch.name ?? current.name,
    description: patch.description ?? current.description,
    isDefault: patch.isDefault ?? current.isDefault,
    workspaceId,
    query: patch.query ?? queryIn(current, workspaceId),
    options: current.options === null ? null : overlayOptions(current.options, patch),
  };
}

/** Removes the workspace filter that the preset's previous workspace added to the query, if the preset moves. */
function queryIn({ query, workspaceId }: Preset, wanted: string | null): Preset['query'] {
  if (workspaceId === wanted || workspaceId === null) return query;
  const { workspaceIds: _old, ...rest } = query;
  return rest;
}
