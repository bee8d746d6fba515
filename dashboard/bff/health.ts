import type { FastifyInstance } from 'fastify';
import type { BffDeps } from './bff-deps.ts';

const API_TIMEOUT_MS = 5_000;

/**
 * /health: the process lives. /ready: its database has its tables, an api answers, and it is not to stop. Whether
 * that api is ready itself is not asked: a region that is away, or one api of several that is restarted, must not take
 * every dashboard out of its load balancer.
 */
export function health(app: FastifyInstance, deps: BffDeps): void {
  app.get('/health', async () => ({ ok: true }));
  app.get('/ready', async (_request, reply) => {
    const [database, api] = await Promise.all([databaseAnswers(deps), apiAnswers(deps)]);
    const ok = database && api && deps.stopping?.aborted !== true;
    return reply
      .code(ok ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ ok, database, api });
  });
}

function databaseAnswers({ pool }: BffDeps): Promise<boolean> {
  return pool.query('SELECT outbox_id FROM evidence LIMIT 0').then(
    () => true,
    () => false,
  );
}

function apiAnswers({ api }: BffDeps): Promise<boolean> {
  return api.call({ method: 'GET', path: '/health', timeoutMs: API_TIMEOUT_MS }).then(
    ({ status }) => status === 200,
    () => false,
  );
}
