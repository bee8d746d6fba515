import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { requestedEventQuery } from '../../../events/query/event-query-schema.ts';
import type { EventQuery } from '../../../../../contract/event-query.ts';
import { HISTOGRAM_INTERVALS } from '../../../events/explore/histogram-interval.ts';
import { histogram } from '../../../events/explore/histogram.ts';
import { strictFields } from '../../../events/json/strict-fields.ts';
import type { ApiDeps } from '../../api-deps.ts';
import { jsonBody } from '../../json-body.ts';
import { type DashboardCaller, dashboardCaller } from '../caller.ts';
import { takeQuery } from '../read-query.ts';
import { asOfParameter } from './as-of-token.ts';
import { auditQuery } from './audit-query.ts';
import { readEvents } from './read-events.ts';

const parameters = z.object({
  interval: z.enum(HISTOGRAM_INTERVALS).optional(),
  groupBy: z.enum(['category', 'action']).optional(),
  asOf: asOfParameter,
});
const body = strictFields({
  filters: requestedEventQuery.default({ version: 1 }),
  ...parameters.shape,
});

/**
 * GET and POST /dashboard/events/metrics/histogram: counts of matching events over time, including empty buckets. The
 * filters are in the query string, or in the body if they are too long for an address.
 */
export function eventHistogramRoute(app: FastifyInstance, deps: ApiDeps): void {
  const path = '/events/metrics/histogram';
  app.get(path, { schema: { hide: true } }, async (request) => {
    const caller = await dashboardCaller(deps, request, 'events.read');
    const { own, asked } = takeQuery(request.query, parameters);
    return answer(caller, asked, own);
  });
  app.post(path, { schema: { hide: true } }, async (request) => {
    const caller = await dashboardCaller(deps, request, 'events.read');
    const { filters, ...own } = jsonBody(request, body);
    return answer(caller, filters, own);
  });
}

async function answer(
  caller: DashboardCaller,
  filters: EventQuery,
  { interval, groupBy, asOf }: z.output<typeof parameters>,
) {
  return readEvents(caller, { filters, asOf }, async (client, question) => {
    const drawn = await histogram(client, { ...question, interval, groupBy });
    const { interval: used, total } = drawn;
    await auditQuery(client, caller, question, { kind: 'histogram', interval: used, total });
    return drawn;
  });
}
