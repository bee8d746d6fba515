import type { FastifyInstance } from 'fastify';
import { serveHealth } from '../../http-edge/health.ts';
import type { BffDeps } from './bff-deps.ts';

const API_TIMEOUT_MS = 5_000;

/**
 * The dashboard is ready if its database has its tables and an api answers. Whether that api is ready is not checked: a
 * region that is unavailable, or one api of several that restarts, must not take every dashboard out of its load balancer.
 */
export function health(app: FastifyInstance, deps: BffDeps): void {
  const check = async () => {
    const [database, api] = await Promise.all([databaseAnswers(deps), apiAnswers(deps)]);
    return { ok: database && api, database, api };
  };
  serveHealth(app, { check, stopping: deps.stopping });
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
