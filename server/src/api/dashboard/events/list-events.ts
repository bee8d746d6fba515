import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import {
  listPage,
  MOST_COUNTED,
  type EventPage,
  type PageStart,
} from '../../../events/list-page.ts';
import { rollupAnswers } from '../../../events/count-events.ts';
import { validationProblem } from '../../../events/validation-problem.ts';
import type { ApiDeps } from '../../api-deps.ts';
import { decodeCursor, encodeCursor, listFingerprint } from '../../cursor.ts';
import { dashboardCaller } from '../caller.ts';
import { takeQuery, wholeNumber } from '../read-query.ts';
import { auditQuery } from './audit-query.ts';
import { type EventsQuestion, readEvents } from './read-events.ts';

const DEFAULT_PAGE_SIZE = 50;

const parameters = z.object({
  page: wholeNumber(1, 10_000_000),
  offset: wholeNumber(0, 1_000_000_000),
  limit: wholeNumber(1, 200),
  cursor: z.string('must be given once').max(1000, 'is not a cursor of this list').optional(),
});

/** GET /dashboard/events: a page by number, offset or cursor, with the total. */
export function listEventsRoute(app: FastifyInstance, deps: ApiDeps): void {
  app.get('/events', { schema: { hide: true } }, async (request, reply) => {
    const caller = await dashboardCaller(deps, request, 'events.read');
    const { own, asked } = takeQuery(request.query, parameters);
    const { companyId } = caller.scope;
    const { pageSize, ...filters } = asked;
    const list = listFingerprint('dashboard events', companyId, filters);
    const limit = own.limit ?? pageSize ?? DEFAULT_PAGE_SIZE;
    const start = startOf(own, limit, list);
    const page = await readEvents(caller, asked, async (client, question) => {
      refuseTooDeep(question, start, limit);
      const found = await listPage(client, { ...question, start, limit });
      await auditQuery(client, caller, question, {
        kind: 'list',
        ...start,
        rows: found.rows.length,
      });
      return found;
    });
    return reply
      .type('application/json; charset=utf-8')
      .serializer(String)
      .send(pageJson(page, start, limit, list));
  });
}

function startOf(
  { page, offset, cursor }: z.output<typeof parameters>,
  limit: number,
  list: string,
) {
  const given = Object.entries({ page, offset, cursor }).flatMap(([name, value]) =>
    value === undefined ? [] : [name],
  );
  if (given.length > 1)
    throw refused(
      given[1] ?? '',
      `must not be given together with ${given[0]}; use one of the two`,
    );
  if (cursor !== undefined) return { after: decodeCursor(list, cursor) };
  return { offset: offset ?? ((page ?? 1) - 1) * limit };
}

/** Beyond what is counted there are no pages, because reaching one would mean reading all before it. */
function refuseTooDeep({ filter }: EventsQuestion, start: PageStart, limit: number): void {
  if ('after' in start || rollupAnswers(filter) || start.offset + limit <= MOST_COUNTED) return;
  throw refused(
    'page',
    `with these filters only the first ${MOST_COUNTED} events have pages; go on with nextCursor, or narrow the time range`,
  );
}

function pageJson(
  { rows, total, totalExact, next }: EventPage,
  start: PageStart,
  limit: number,
  list: string,
) {
  const rest = {
    page: 'after' in start ? null : Math.floor(start.offset / limit) + 1,
    pageSize: limit,
    total,
    totalExact,
    nextCursor: next === undefined ? null : encodeCursor(list, next),
  };
  // The lines go out as they are: JSON.parse and stringify would change numbers beyond 2^53.
  return `{"data":[${rows.map(({ line }) => line).join(',')}],${JSON.stringify(rest).slice(1)}`;
}

function refused(path: string, message: string) {
  return validationProblem([{ path, message }]);
}
