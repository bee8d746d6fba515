import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { strictFields } from '../../../events/json/strict-fields.ts';
import { ackOutbox } from '../../../tenancy/sql/ack-outbox.ts';
import type { ApiDeps } from '../../api-deps.ts';
import { jsonBody } from '../../json-body.ts';
import { systemCaller } from '../caller.ts';

const ackBody = strictFields({ outboxIds: z.array(z.uuid()).max(1_000) });

/** POST /dashboard/outbox/ack: marks entries as stored in the evidence; 204, also if they were already acknowledged. */
export function ackOutboxRoute(app: FastifyInstance, deps: ApiDeps): void {
  app.post('/outbox/ack', { schema: { hide: true } }, async (request, reply) => {
    const { region } = await systemCaller(deps, request);
    const { outboxIds } = jsonBody(request, ackBody);
    await ackOutbox(region.pool, outboxIds);
    return reply.code(204).send();
  });
}
