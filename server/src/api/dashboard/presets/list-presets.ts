import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { hasPresets } from '../../../exports/presets/sql/has-presets.ts';
import { listPresets } from '../../../exports/presets/sql/list-presets.ts';
import { cutPage } from '../../../regions/page-within-bytes.ts';
import { inCompany } from '../../../regions/transaction.ts';
import { resolveWorkspaces } from '../../../tenancy/scope.ts';
import type { ApiDeps } from '../../api-deps.ts';
import { decodeCursor, encodeCursor, listFingerprint } from '../../cursor.ts';
import { readPaging } from '../../paging.ts';
import { dashboardCaller } from '../caller.ts';
import { readParameters } from '../read-query.ts';
import type { PresetRoutes } from './preset-routes.ts';
import { presetText } from './preset-schemas.ts';

const DEFAULT_LIMIT = 200;
const parameters = z.object({ workspaceId: z.uuid().toLowerCase().optional() });

/**
 * GET: the presets that the caller may see, newest first. Pages are shorter if queries are large. If the region has no
 * table yet, the list is empty and the header x-exhibit-schema-drift says so.
 */
export function listPresetsRoute(
  app: FastifyInstance,
  deps: ApiDeps,
  { kind, path, read }: PresetRoutes,
): void {
  app.get(path, { schema: { hide: true } }, async (request, reply) => {
    const { region, scope } = await dashboardCaller(deps, request, read);
    const { paging, rest } = readPaging(request.query);
    const { workspaceId } = readParameters(rest, parameters);
    const list = listFingerprint(path, scope.companyId, workspaceId);
    const before = paging.cursor === undefined ? undefined : decodeCursor(list, paging.cursor);
    const limit = paging.limit ?? DEFAULT_LIMIT;
    const found = await inCompany(region.pool, scope.companyId, async (client) => {
      if (!(await hasPresets(client, kind))) return undefined;
      if (workspaceId !== undefined) await resolveWorkspaces(client, scope, [workspaceId]);
      return listPresets(client, kind, { scope, workspaceId, before, limit: limit + 1 });
    });
    if (found === undefined) {
      reply.header('x-exhibit-schema-drift', kind.table);
      return { data: [], nextCursor: null };
    }
    const { page, last } = cutPage(found, limit);
    const nextCursor = last === undefined ? null : encodeCursor(list, last.id);
    return reply
      .type('application/json; charset=utf-8')
      .serializer(String)
      .send(
        `{"data":[${page.map(presetText).join(',')}],"nextCursor":${JSON.stringify(nextCursor)}}`,
      );
  });
}
