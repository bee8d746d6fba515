import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { callerOf } from '../auth/caller.ts';
import type { BffDeps } from '../bff-deps.ts';
import { parseJsonBody, rawBody } from '../../../http-edge/json-body.ts';
import { refuseNamesake } from '../members/refuse-name-of-member.ts';
import { streamFromApi } from '../proxy/proxy-dashboard.ts';

const namedSchema = z.object({
  name: z
    .string()
    .max(1_000)
    .refine((name) => !name.includes('\0')),
});

/**
 * POST /api/dashboard/api-keys: like the api's route. The dashboard knows the company's people and rejects a key whose
 * name equals the name or address of one of them.
 */
export function createKey(app: FastifyInstance, deps: BffDeps): void {
  app.post('/dashboard/api-keys', async (request, reply) => {
    const caller = await callerOf(deps, request);
    // The api checks the rest of the body.
    const named = namedSchema.safeParse(parseJsonBody(rawBody(request)));
    if (named.success) await refuseNamesake(deps.pool, caller.member.companyId, named.data.name);
    return streamFromApi(deps, caller, { request, reply, path: '/dashboard/api-keys' });
  });
}
