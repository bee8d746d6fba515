import { z } from 'zod';
import type { EventQuery } from './event-query.ts';
import { queryRange } from './query-range.ts';
import { fieldDescriptions, strictFields } from '../json/strict-fields.ts';
import { microsOf, queryTime } from './query-time.ts';
import { filterList, filterValue, ipList, ipValue, metadataConditions } from './query-values.ts';

/** Each list filter and its single form. */
export const LIST_FILTERS = [
  ['workspaceIds', 'workspaceId'],
  ['projectIds', 'projectId'],
  ['categories', 'category'],
  ['actions', 'action'],
  ['actorIds', 'actorId'],
  ['actorEmails', 'actorEmail'],
  ['resourceTypes', 'resourceType'],
  ['resourceIds', 'resourceId'],
  ['tags', 'tag'],
  ['traceIds', 'traceId'],
  ['ipAddresses', 'ipAddress'],
  ['apiKeyIds', 'apiKeyId'],
] as const;

type ListField = (typeof LIST_FILTERS)[number][0];

const fields = strictFields({
  version: z.literal(1).optional().describe('Version of this document; 1 when not given.'),
  from: time('Start of the time range, inclusive; RFC 3339, at most microseconds.'),
  to: time('End of the time range, exclusive; RFC 3339, at most microseconds.'),
  range: queryRange
    .optional()
    .describe('A time range that moves with the clock, instead of from and to.'),
  workspaceIds: list('Events of any of these workspaces.'),
  workspaceId: single('workspaceIds'),
  projectIds: list('Events of any of these projects.'),
  projectId: single('projectIds'),
  categories: list('Events of any of these categories, compared exactly.'),
  category: single('categories'),
  actions: list('Events of any of these actions, compared exactly.'),
  action: single('actions'),
  actorIds: list('Events by any of these actors.'),
  actorId: single('actorIds'),
  actorEmails: list('Events by an actor with any of these email addresses, ignoring case.'),
  actorEmail: single('actorEmails'),
  resourceTypes: list('Events on a resource of any of these types.'),
  resourceType: single('resourceTypes'),
  resourceIds: list('Events on any of these resources.'),
  resourceId: single('resourceIds'),
  tags: list('Events with at least one of these tags.'),
  tag: single('tags'),
  traceIds: list('Events of any of these traces.'),
  traceId: single('traceIds'),
  ipAddresses: ipList
    .optional()
    .describe(
      'Events from any of these IP addresses or CIDR ranges (`10.0.0.0/8`, `2001:db8::/32`), in any spelling; other text is compared exactly. At most 100 different values.',
    ),
  ipAddress: ipValue.optional().describe('Short for `ipAddresses` with one value.'),
  apiKeyIds: list(
    'Events that any of these API keys sent, by the id of the key; events stored before keys were recorded match none.',
  ),
  apiKeyId: single('apiKeyIds'),
  receivedFrom: time(
    'Start of the time range in which events were received, inclusive. Events stored before receipts were recorded match none.',
  ),
  receivedTo: time('End of the time range in which events were received, exclusive.'),
  search: filterValue
    .optional()
    .describe(
      'Text to find, ignoring case, in action, category, actor (id, email, role), resource, projectId, tags, traceId, ipAddress or userAgent.',
    ),
  metadata: metadataConditions
    .optional()
    .describe('Conditions on the metadata that must all hold; at most 20.'),
  sort: z.enum(['timestamp']).optional().describe('What a list is sorted by; exports ignore it.'),
  order: z
    .enum(['asc', 'desc'])
    .optional()
    .describe('Direction of the sort, in a list; exports ignore it.'),
  pageSize: z
    .int()
    .min(10)
    .max(200)
    .optional()
    .describe('Events on a page, in a list; exports ignore it.'),
});

/**
 * EventQuery as a caller writes it; parses to the canonical form. A request schema may hold it: what it
 * validates is what parseEventQuery accepts (problemFromZodError turns its errors into a Problem).
 */
export const eventQueryInputSchema = fields.transform((input, context): EventQuery => {
  refuseContradictions(input, context);
  const lists: { [Name in ListField]?: readonly string[] } = {};
  for (const [list, single] of LIST_FILTERS) {
    const value = input[single];
    const values = value === undefined ? input[list] : [value];
    if (values !== undefined) lists[list] = values;
  }
  return canonicalOrder({ ...input, ...lists });
});

/** A request may not store, or make the server search for, more than this. */
const MAX_DOCUMENT_BYTES = 64 * 1024;

/**
 * The same for documents that come with a request. Not for documents that are stored already: those of earlier
 * versions may be larger and keep working.
 */
export const requestedEventQuery = eventQueryInputSchema.superRefine((query, context) => {
  const problem = tooLarge(query);
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
});

/** Why a document is too large to be requested or stored; undefined when it is not. */
export function tooLarge(query: EventQuery): string | undefined {
  const bytes = Buffer.byteLength(JSON.stringify(query));
  if (bytes <= MAX_DOCUMENT_BYTES) return undefined;
  return `must have at most 64 KiB as JSON, and has ${Math.ceil(bytes / 1024)} KiB; use fewer or shorter values`;
}

/** Every field a caller may use, single forms included, and its description. */
export const EVENT_QUERY_FIELDS = fieldDescriptions(fields);

const CANONICAL_ORDER = [
  'from',
  'to',
  'range',
  'workspaceIds',
  'projectIds',
  'categories',
  'actions',
  'actorIds',
  'actorEmails',
  'resourceTypes',
  'resourceIds',
  'tags',
  'traceIds',
  'ipAddresses',
  'apiKeyIds',
  'receivedFrom',
  'receivedTo',
  'search',
  'metadata',
  'sort',
  'order',
  'pageSize',
] as const satisfies readonly (keyof EventQuery)[];

type Draft = { -readonly [Name in keyof EventQuery]: EventQuery[Name] };
type Fields = { readonly [Name in keyof EventQuery]?: EventQuery[Name] | undefined };

/** The same fields in the canonical key order, without those that are undefined. */
export function canonicalOrder(fields: Fields): EventQuery {
  const query: Draft = { version: 1 };
  for (const name of CANONICAL_ORDER) setField(query, name, fields[name]);
  return query;
}

function setField<Name extends keyof Draft>(to: Draft, name: Name, value: Fields[Name]): void {
  if (value !== undefined) to[name] = value;
}

function refuseContradictions(input: z.output<typeof fields>, context: z.RefinementCtx): void {
  const { from, to, range } = input;
  for (const [list, single] of LIST_FILTERS) {
    if (input[list] !== undefined && input[single] !== undefined) {
      refuse(context, single, `must not be given together with ${list}; use one of the two`);
    }
  }
  if (range !== undefined && (from !== undefined || to !== undefined)) {
    refuse(context, 'range', 'must not be given together with from or to');
  }
  if (from !== undefined && to !== undefined && microsOf(from) >= microsOf(to)) {
    refuse(context, 'from', 'must be before to');
  }
  const { receivedFrom, receivedTo } = input;
  if (
    receivedFrom !== undefined &&
    receivedTo !== undefined &&
    microsOf(receivedFrom) >= microsOf(receivedTo)
  ) {
    refuse(context, 'receivedFrom', 'must be before receivedTo');
  }
}

function refuse(context: z.RefinementCtx, field: string, message: string): void {
  context.addIssue({ code: 'custom', path: [field], message });
}

function time(description: string) {
  return queryTime.optional().meta({ description, format: 'date-time' });
}

function list(description: string) {
  return filterList.optional().describe(`${description} At most 100 different values.`);
}

function single(name: ListField) {
  return filterValue.optional().describe(`Short for \`${name}\` with one value.`);
}
