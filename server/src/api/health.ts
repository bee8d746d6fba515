import type { FastifyPluginAsync } from 'fastify';
import type { ArtifactStore } from '../storage/artifact-store.ts';
import { healthOf, type StoreCondition } from '../storage/store-health.ts';
import type { ApiDeps } from './api-deps.ts';

/** Load balancers ask every few seconds, and a probe costs about twelve requests to the store. */
const STORE_MAX_AGE_MS = 300_000;

/**
 * `/health`: the process answers. `/ready`: it can work, every region's database included, and is not to stop. What the
 * last probe of each artifact store found is a detail: a store that is down must not take the whole api down.
 */
export function health(deps: ApiDeps): FastifyPluginAsync {
  return async (app) => {
    app.get('/health', { schema: { hide: true } }, async () => ({ ok: true }));
    app.get('/ready', { schema: { hide: true } }, async (_request, reply) => {
      const regions = await Promise.all([...deps.regions.values()].map(checkRegion));
      const ok = regions.every((region) => region.ok) && deps.stopping?.aborted !== true;
      return reply.code(ok ? 200 : 503).send({
        ok,
        regions: Object.fromEntries(regions.map((region) => [region.name, region.ok])),
        artifactStores: Object.fromEntries(
          [...deps.regions.values()].map(({ name, store }) => [name, conditionOf(store)]),
        ),
      });
    });
  };

  async function checkRegion({ name, pool }: { name: string; pool: ApiDepsPool }) {
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

type ApiDepsPool = { query(text: string): Promise<unknown> };
