import type { FastifyInstance } from 'fastify';
import { cachedProbe, probeCapabilities } from '../../../exports/probe-capabilities.ts';
import type { ApiDeps } from '../../api-deps.ts';
import { dashboardCaller } from '../caller.ts';

/** GET /dashboard/exports/capabilities: what works in the company's region now; always 200. */
export function capabilitiesRoute(app: FastifyInstance, deps: ApiDeps): void {
  const probes = new Map(
    [...deps.regions].map(([name, { store }]) => [name, cachedProbe(store)] as const),
  );
  app.get('/exports/capabilities', { schema: { hide: true } }, async (request) => {
    const { region } = await dashboardCaller(deps, request, 'exports.read');
    const probe = probes.get(region.name) ?? (() => region.store.probe());
    return probeCapabilities(region.pool, probe);
  });
}
