import type { FastifyInstance } from 'fastify';
import { Problem } from '../../../errors.ts';
import { receiptOf } from '../../../events/ingest/receipt.ts';
import { findEventLine } from '../../../events/explore/sql/find-event-line.ts';
import { inCompany } from '../../../regions/transaction.ts';
import { appendAudit } from '../../../tenancy/audit-log.ts';
import { listWorkspaceIds } from '../../../tenancy/scope.ts';
import type { ApiDeps } from '../../api-deps.ts';
import { dashboardCaller } from '../caller.ts';
import { isUuid } from '../../../tenancy/is-uuid.ts';

/**
 * GET /dashboard/events/:id: one event, byte for byte as stored. With `receipt=true` the response is `{event, receipt}`;
 * the receipt has the time and the API key with which the event arrived.
 */
export function getEventRoute(app: FastifyInstance, deps: ApiDeps): void {
  app.get<{ Params: { id: string }; Querystring: { receipt?: unknown } }>(
    '/events/:id',
    { schema: { hide: true } },
    async (request, reply) => {
      const { region, scope, actor, origin } = await dashboardCaller(deps, request, 'events.read');
      const { companyId } = scope;
      const id = request.params.id.toLowerCase();
      const event = await inCompany(region.pool, companyId, async (client) => {
        const workspaceIds = await listWorkspaceIds(client, scope);
        if (!isUuid(id) || workspaceIds.length === 0) return undefined;
        const found = await findEventLine(client, { companyId, workspaceIds }, id);
        if (found === undefined) return undefined;
        const subject = { type: 'event', id } as const;
        const entry = { companyId, actor, origin, subject, details: {} };
        await appendAudit(client, { ...entry, action: 'EVENTS_QUERIED' });
        return found;
      });
      if (event === undefined) throw new Problem('NOT_FOUND', 'There is no event with this id.');
      const json =
        request.query.receipt === 'true'
          ? `{"event":${event.line},"receipt":${JSON.stringify(receiptOf(event))}}`
          : event.line;
      return reply.type('application/json; charset=utf-8').serializer(String).send(json);
    },
  );
}
