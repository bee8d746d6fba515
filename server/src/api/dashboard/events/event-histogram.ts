import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { HISTOGRAM_INTERVALS } from '../../../events/histogram-interval.ts';
import { histogram } from '../../../events/histogram.ts';
import type { ApiDeps } from '../../api-deps.ts';
import { dashboardCaller } from '../caller.ts';
import { takeQuery } from '../read-query.ts';
import { auditQuery } from './audit-query.ts';
import { readEvents } from './read-events.ts';

const parameters = z.object({
  interval: z.enum(HISTOGRAM_INTERVALS).optional(),
  groupBy: z.enum(['category', 'action']).optional(),
});

/** GET /dashboard/events/metrics/histogram: matching events over time, empty buckets included. */
export function eventHistogramRoute(app: FastifyInstance, deps: ApiDeps): void {
  app.get('/events/metrics/histogram', { schema: { hide: true } }, async (request) => {
    const caller = await dashboardCaller(deps, request, 'events.read');
    const { own, asked } = takeQuery(request.query, parameters);
    const { interval, groupBy } = own;
    return readEvents(caller, asked, async (client, question) => {
      const answer = await histogram(client, { ...question, interval, groupBy });
      const { interval: used, total } = answer;
      await auditQuery(client, caller, question, { kind: 'histogram', interval: used, total });
      return answer;
    });
  });
}
