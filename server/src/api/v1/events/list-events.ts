import type { FastifyInstance, FastifyReply } from 'fastify';
import { Problem } from '../../../errors.ts';
import { resolveRange } from '../../../events/query/resolve-range.ts';
import type { EventQuery } from '../../../../../contract/event-query.ts';
import { parseQueryString } from '../../../events/query/event-query-string.ts';
import { receiptOf, type ReceiptRow } from '../../../events/ingest/receipt.ts';
import { listEventLinesWithinBytes } from '../../../events/explore/sql/list-event-lines.ts';
import { withinExistingEvents } from '../../../events/explore/within-existing-events.ts';
import { cutPage } from '../../../regions/page-within-bytes.ts';
import { errorCode, QUERY_CANCELED } from '../../../regions/system-error.ts';
import { inCompany } from '../../../regions/transaction.ts';
import { auditReading } from '../../../tenancy/audit-reading.ts';
import { resolveWorkspaces } from '../../../tenancy/scope.ts';
import type { ApiDeps } from '../../api-deps.ts';
import { decodeCursor, encodeCursor, listFingerprint } from '../../cursor.ts';
import { jsonBody } from '../../json-body.ts';
import { type Paging, readPaging } from '../../paging.ts';
import { callerOf } from '../../principal.ts';
import {
  LIST_EVENTS_DOCUMENTATION,
  SEARCH_EVENTS_DOCUMENTATION,
  searchEventsBody,
} from './event-schemas.ts';

const QUERY_TIMEOUT_MS = 5_000;

/** GET /v1/events: matching events, newest first, each byte for byte as stored. */
export function listEvents(app: FastifyInstance, deps: ApiDeps): void {
  app.get('/events', { schema: LIST_EVENTS_DOCUMENTATION }, async (request, reply) => {
    const caller = callerOf(deps, request, 'events:read');
    const { paging, rest } = readPaging(request.query);
    return sendEvents(reply, caller, parseQueryString(rest), paging);
  });
}

/** POST /v1/events/search: the same, with filters that are too long for an address. */
export function searchEvents(app: FastifyInstance, deps: ApiDeps): void {
  app.post('/events/search', { schema: SEARCH_EVENTS_DOCUMENTATION }, async (request, reply) => {
    const caller = callerOf(deps, request, 'events:read');
    const { filters, ...paging } = jsonBody(request, searchEventsBody);
    return sendEvents(reply, caller, filters, paging);
  });
}

async function sendEvents(
  reply: FastifyReply,
  { principal, region, origin }: ReturnType<typeof callerOf>,
  asked: EventQuery,
  paging: Paging,
): Promise<FastifyReply> {
  const filter = resolveRange(asked, new Date());
  const { companyId } = principal.scope;
  const list = listFingerprint('events', companyId, asked);
  const after = paging.cursor === undefined ? undefined : decodeCursor(list, paging.cursor);
  const limit = paging.limit ?? asked.pageSize ?? 50;
  await auditReading(region.pool, principal, origin);
  const rows = await inCompany(region.reads, companyId, async (client) => {
    const workspaceIds = await resolveWorkspaces(client, principal.scope, filter.workspaceIds);
    await client.query(`SET LOCAL statement_timeout = ${QUERY_TIMEOUT_MS}`);
    const scope = { companyId, workspaceIds };
    return listEventLinesWithinBytes(client, {
      filter: await withinExistingEvents(client, filter, scope),
      scope,
      after,
      limit: limit + 1,
    });
  }).catch(tooBroad);
  const { page, last } = cutPage(rows, limit);
  const nextCursor = last === undefined ? null : encodeCursor(list, last.id);
  // Stored lines are sent unchanged: JSON.parse and JSON.stringify would change numbers beyond 2^53.
  const data = page.map((row) => row.line).join(',');
  return reply
    .type('application/json; charset=utf-8')
    .serializer(String)
    .send(`{"data":[${data}],${JSON.stringify({ nextCursor, ...receiptsOf(page) }).slice(1)}`);
}

/** undefined for an empty page. */
function receiptsOf(page: readonly ReceiptRow[]) {
  return page.length === 0 ? {} : { receipts: page.map(receiptOf) };
}

function tooBroad(error: unknown): never {
  if (errorCode(error) !== QUERY_CANCELED) throw error;
  throw new Problem(
    'SEARCH_TOO_BROAD',
    'The search took longer than 5 seconds. Narrow the time range or add a filter.',
  );
}
