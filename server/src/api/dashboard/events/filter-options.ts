import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { ResolvedEventQuery } from '../../../events/event-query.ts';
import { countByCategoryAndAction } from '../../../events/sql/count-by-category-and-action.ts';
import { countByValue } from '../../../events/sql/count-by-value.ts';
import type { ApiDeps } from '../../api-deps.ts';
import { dashboardCaller } from '../caller.ts';
import { takeQuery } from '../read-query.ts';
import { auditQuery } from './audit-query.ts';
import { readEvents } from './read-events.ts';

/** A menu longer than this is searched, not read. */
const MOST_VALUES = 500;

/**
 * GET /dashboard/events/filter-options: categories and actions with their counts. Each menu leaves its own
 * field out of the filter, so that choosing one value still shows the others.
 */
export function filterOptionsRoute(app: FastifyInstance, deps: ApiDeps): void {
  app.get('/events/filter-options', { schema: { hide: true } }, async (request) => {
    const caller = await dashboardCaller(deps, request, 'events.read');
    const { asked } = takeQuery(request.query, z.object({}));
    return readEvents(caller, asked, async (client, question) => {
      const { filter, scope } = question;
      await auditQuery(client, caller, question, { kind: 'filter-options' });
      if (filter.categories === undefined && filter.actions === undefined)
        return countByCategoryAndAction(client, { filter, scope, limit: MOST_VALUES });
      const { categories: _categories, ...anyCategory } = filter;
      const { actions: _actions, ...anyAction } = filter;
      const options = (column: 'category' | 'action', filter: ResolvedEventQuery) =>
        countByValue(client, { filter, scope, column, limit: MOST_VALUES });
      return {
        categories: await options('category', anyCategory),
        actions: await options('action', anyAction),
      };
    });
  });
}
