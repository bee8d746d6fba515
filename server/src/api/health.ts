import type { FastifyPluginAsync } from 'fastify';
import { serveHealth } from '../../../http-edge/health.ts';
import type { ArtifactStore } from '../storage/artifact-store.ts';
import { healthOf, type StoreCondition } from '../storage/store-health.ts';
import type { ApiDeps, ApiRegion } from './api-deps.ts';

/** Load balancers check every few seconds, and a probe costs about twelve requests to the store. */
const STORE_MAX_AGE_MS = 300_000;

/**
 * The api is ready if every region's database has its tables. The last probe of each artifact store is a detail: a store
 * that is down must not take the whole api out of its load balancer.
 */
export function health(deps: ApiDeps): FastifyPluginAsync {
  return async (app) =>
    serveHealth(app, { check: checkRegions, stopping: deps.stopping, schema: { hide: true } });

  async function checkRegions() {
    const regions = await Promise.all([...deps.regions.values()].map(checkRegion));
    return {
      ok: regions.every((region) => region.ok),
      regions: Object.fromEntries(regions.map((region) => [region.name, region.ok])),
      artifactStores: Object.fromEntries(
        [...deps.regions.values()].map(({ name, store }) => [name, conditionOf(store)]),
      ),
    };
  }

  async function checkRegion({ name, pool }: ApiRegion) {
    try {
      await pool.query('SELECT FROM export_jobs LIMIT 0');
      return { name, ok: true };
    } catch (error) {
      deps.log.warn({ err: error, region: name }, 'region is not ready');
      return { name, ok: false };
    }
  }
}

function conditionOf(store: ArtifactStore): StoreCondition {
  const health = healthOf(store);
  health.refresh(STORE_MAX_AGE_MS);
  return health.condition;
}
