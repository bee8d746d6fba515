import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import {
  listPage,
  MAX_COUNTED,
  type EventPage,
  type PageStart,
} from '../../../events/explore/list-page.ts';
import { receiptOf } from '../../../events/ingest/receipt.ts';
import { rollupAnswers } from '../../../events/rollup/count-events.ts';
import { requestedEventQuery } from '../../../events/query/event-query-schema.ts';
import type { EventQuery } from '../../../../../contract/event-query.ts';
import { countNewer } from '../../../events/explore/sql/count-newer.ts';
import { strictFields } from '../../../events/json/strict-fields.ts';
import { validationProblem } from '../../../events/query/validation-problem.ts';
import type { ApiDeps } from '../../api-deps.ts';
import { decodeCursor, encodeCursor, listFingerprint } from '../../cursor.ts';
import { jsonBody } from '../../json-body.ts';
import { type DashboardCaller, dashboardCaller } from '../caller.ts';
import { takeQuery, wholeJsonNumber, wholeNumber } from '../read-query.ts';
import { asOfParameter, encodeAsOf } from './as-of-token.ts';
import { auditQuery } from './audit-query.ts';
import { type EventsQuestion, readEvents } from './read-events.ts';

const DEFAULT_PAGE_SIZE = 50;
const MAX_PAGE_SIZE = 200;
const MAX_PAGE = 10_000_000;
const MAX_OFFSET = 1_000_000_000;

const cursor = z.string('must be sent once').max(1000, 'is not a cursor of this list').optional();
const parameters = z.object({
  page: wholeNumber(1, MAX_PAGE),
  offset: wholeNumber(0, MAX_OFFSET),
  limit: wholeNumber(1, MAX_PAGE_SIZE),
  cursor,
  asOf: asOfParameter,
});
const body = strictFields({
  filters: requestedEventQuery.default({ version: 1 }),
  page: wholeJsonNumber(1, MAX_PAGE),
  pageSize: wholeJsonNumber(10, MAX_PAGE_SIZE),
  offset: wholeJsonNumber(0, MAX_OFFSET),
  limit: wholeJsonNumber(1, MAX_PAGE_SIZE),
  cursor,
  asOf: asOfParameter,
});

/**
 * GET /dashboard/events and POST /dashboard/events/search: a page by number, offset or cursor, with the total. The
 * filters are in the query string, or in the body if they are too long for an address.
 */
export function listEventsRoute(app: FastifyInstance, deps: ApiDeps): void {
  app.get('/events', { schema: { hide: true } }, async (request, reply) => {
    const caller = await dashboardCaller(deps, request, 'events.read');
    const { own, asked } = takeQuery(request.query, parameters);
    return sendPage(reply, caller, asked, own);
  });
  app.post('/events/search', { schema: { hide: true } }, async (request, reply) => {
    const caller = await dashboardCaller(deps, request, 'events.read');
    const { filters, pageSize, ...own } = jsonBody(request, body);
    return sendPage(reply, caller, filters, { ...own, limit: own.limit ?? pageSize });
  });
}

async function sendPage(
  reply: FastifyReply,
  caller: DashboardCaller,
  asked: EventQuery,
  own: z.output<typeof parameters>,
): Promise<FastifyReply> {
  const { companyId } = caller.scope;
  const { pageSize, ...filters } = asked;
  const list = listFingerprint('dashboard events', companyId, filters);
  const limit = own.limit ?? pageSize ?? DEFAULT_PAGE_SIZE;
  const start = startOf(own, limit, list);
  const page = await readEvents(
    caller,
    { filters: asked, asOf: own.asOf },
    async (client, question) => {
      refuseTooDeep(question, start, limit);
      const found = await listPage(client, { ...question, start, limit });
      const newer = await countNewer(client, question.filter, question.scope);
      await auditQuery(client, caller, question, {
        kind: 'list',
        ...start,
        rows: found.rows.length,
      });
      return { ...found, ...newer, asOf: own.asOf ?? encodeAsOf(companyId, question.cut) };
    },
  );
  return reply
    .type('application/json; charset=utf-8')
    .serializer(String)
    .send(pageJson(page, start, limit, list));
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

/** There are no pages beyond the counted total: reaching one would require reading all events before it. */
function refuseTooDeep({ filter }: EventsQuestion, start: PageStart, limit: number): void {
  if ('after' in start || rollupAnswers(filter) || start.offset + limit <= MAX_COUNTED) return;
  throw refused(
    'page',
    `with these filters only the first ${MAX_COUNTED} events have pages; go on with nextCursor, or narrow the time range`,
  );
}

interface BoundedPage extends EventPage {
  readonly asOf: string;
  readonly newer: number;
  readonly newerExact: boolean;
}

function pageJson(
  { rows, total, totalExact, truncated, next, asOf, newer, newerExact }: BoundedPage,
  start: PageStart,
  limit: number,
  list: string,
) {
  const rest = {
    page: 'after' in start ? null : Math.floor(start.offset / limit) + 1,
    pageSize: limit,
    total,
    totalExact,
    truncated,
    nextCursor: next === undefined ? null : encodeCursor(list, next),
    asOf,
    newer,
    newerExact,
  };
  // Stored lines are sent unchanged: JSON.parse and JSON.stringify would change numbers beyond 2^53.
  const receipts = rows.map(receiptOf);
  return `{"data":[${rows.map(({ line }) => line).join(',')}],${JSON.stringify({ ...rest, receipts }).slice(1)}`;
}

function refused(path: string, message: string) {
  return validationProblem([{ path, message }]);
}
