import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { readOutbox } from '../../../tenancy/sql/read-outbox.ts';
import type { ApiDeps } from '../../api-deps.ts';
import { systemCaller } from '../caller.ts';
import { readParameters, wholeNumber } from '../read-query.ts';

const DEFAULT_LIMIT = 500;
const parameters = z.object({ limit: wholeNumber(1, 1_000) });

/** GET /dashboard/outbox: actions of API keys in this region that are not acknowledged yet, oldest first. */
export function readOutboxRoute(app: FastifyInstance, deps: ApiDeps): void {
  app.get('/outbox', { schema: { hide: true } }, async (request) => {
    const { region } = await systemCaller(deps, request);
    const { limit = DEFAULT_LIMIT } = readParameters(request.query, parameters);
    return { data: await readOutbox(region.pool, limit) };
  });
}
