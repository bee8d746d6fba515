import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { requestedEventQuery } from '../../../events/query/event-query-schema.ts';
import type { EventQuery, ResolvedEventQuery } from '../../../../../contract/event-query.ts';
import { countByCategoryAndAction } from '../../../events/rollup/sql/count-by-category-and-action.ts';
import { countByValue } from '../../../events/rollup/sql/count-by-value.ts';
import { strictFields } from '../../../events/json/strict-fields.ts';
import type { ApiDeps } from '../../api-deps.ts';
import { jsonBody } from '../../json-body.ts';
import { type DashboardCaller, dashboardCaller } from '../caller.ts';
import { takeQuery } from '../read-query.ts';
import { asOfParameter } from './as-of-token.ts';
import { auditQuery } from './audit-query.ts';
import { readEvents } from './read-events.ts';

/** Maximum entries of a menu; people search a longer menu instead of reading it. */
const MAX_VALUES = 500;

const parameters = z.object({ asOf: asOfParameter });
const body = strictFields({
  filters: requestedEventQuery.default({ version: 1 }),
  ...parameters.shape,
});

/**
 * GET and POST /dashboard/events/filter-options: categories and actions with their counts. Each menu leaves its own
 * field out of the filter, so that choosing one value still shows the others.
 */
export function filterOptionsRoute(app: FastifyInstance, deps: ApiDeps): void {
  const path = '/events/filter-options';
  app.get(path, { schema: { hide: true } }, async (request) => {
    const caller = await dashboardCaller(deps, request, 'events.read');
    const { own, asked } = takeQuery(request.query, parameters);
    return answer(caller, asked, own.asOf);
  });
  app.post(path, { schema: { hide: true } }, async (request) => {
    const caller = await dashboardCaller(deps, request, 'events.read');
    const { filters, asOf } = jsonBody(request, body);
    return answer(caller, filters, asOf);
  });
}

async function answer(caller: DashboardCaller, filters: EventQuery, asOf: string | undefined) {
  return readEvents(caller, { filters, asOf }, async (client, question) => {
    const { filter, scope } = question;
    await auditQuery(client, caller, question, { kind: 'filter-options' });
    if (filter.categories === undefined && filter.actions === undefined)
      return countByCategoryAndAction(client, { filter, scope, limit: MAX_VALUES });
    const { categories: _categories, ...anyCategory } = filter;
    const { actions: _actions, ...anyAction } = filter;
    const options = (column: 'category' | 'action', filter: ResolvedEventQuery) =>
      countByValue(client, { filter, scope, column, limit: MAX_VALUES });
    return {
      categories: await options('category', anyCategory),
      actions: await options('action', anyAction),
    };
  });
}
