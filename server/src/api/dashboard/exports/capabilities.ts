import type { FastifyInstance } from 'fastify';
import { probeCapabilities } from '../../../exports/request/probe-capabilities.ts';
import { healthOf } from '../../../storage/store-health.ts';
import type { ApiDeps } from '../../api-deps.ts';
import { dashboardCaller } from '../caller.ts';

/** GET /dashboard/exports/capabilities: the features that work in the company's region now; always 200. */
export function capabilitiesRoute(app: FastifyInstance, deps: ApiDeps): void {
  app.get('/exports/capabilities', { schema: { hide: true } }, async (request) => {
    const { region } = await dashboardCaller(deps, request, 'exports.read');
    return probeCapabilities(region.pool, () => healthOf(region.store).check());
  });
}
