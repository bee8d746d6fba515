import type { FastifyPluginAsync } from 'fastify';
import type { ApiDeps } from './api-deps.ts';

/** `/health`: the process answers. `/ready`: it can work, every region's database included, and is not to stop. */
export function health(deps: ApiDeps): FastifyPluginAsync {
  return async (app) => {
    app.get('/health', { schema: { hide: true } }, async () => ({ ok: true }));
    app.get('/ready', { schema: { hide: true } }, async (_request, reply) => {
      const regions = await Promise.all([...deps.regions.values()].map(checkRegion));
      const ok = regions.every((region) => region.ok) && deps.stopping?.aborted !== true;
      return reply.code(ok ? 200 : 503).send({
        ok,
        regions: Object.fromEntries(regions.map((region) => [region.name, region.ok])),
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

type ApiDepsPool = { query(text: string): Promise<unknown> };
