import { z } from 'zod';
import { canonicalOrder, type EventQuery } from '../../../../contract/event-query.ts';
import {
  FILTER_FIELDS,
  type ListField,
  type SingleField,
} from '../../../../contract/filter-fields.ts';
import {
  MAX_FILTER_VALUES,
  MAX_PAGE_SIZE,
  MIN_PAGE_SIZE,
} from '../../../../contract/filter-limits.ts';
import { queryRange } from './query-range.ts';
import { fieldDescriptions, strictFields } from '../json/strict-fields.ts';
import { microsOf, queryTime } from './query-time.ts';
import { filterList, filterValue, ipList, ipValue, metadataConditions } from './query-values.ts';

/** The fields of the list filters and of their short forms, as the table of filters has them. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Object.fromEntries loses the names
const LIST_SHAPE = Object.fromEntries(
  FILTER_FIELDS.flatMap(({ field, single, values, description }) => {
    const of =
      values === 'ip' ? { list: ipList, one: ipValue } : { list: filterList, one: filterValue };
    const limit = `At most ${MAX_FILTER_VALUES} different values.`;
    return [
      [field, of.list.optional().describe(`${description} ${limit}`)],
      [single, of.one.optional().describe(`Short for \`${field}\` with one value.`)],
    ];
  }),
) as Record<ListField, z.ZodOptional<typeof filterList>> &
  Record<SingleField, z.ZodOptional<typeof filterValue>>;

const fields = strictFields({
  version: z.literal(1).optional().describe('Version of this document; default 1.'),
  from: time('Start of the time range, inclusive; RFC 3339, at most microseconds.'),
  to: time('End of the time range, exclusive; RFC 3339, at most microseconds.'),
  range: queryRange
    .optional()
    .describe('A time range that moves with the clock, instead of from and to.'),
  ...LIST_SHAPE,
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
  sort: z.enum(['timestamp']).optional().describe('Sort key of a list; exports ignore it.'),
  order: z
    .enum(['asc', 'desc'])
    .optional()
    .describe('Direction of the sort, in a list; exports ignore it.'),
  pageSize: z
    .int()
    .min(MIN_PAGE_SIZE)
    .max(MAX_PAGE_SIZE)
    .optional()
    .describe('Events on a page, in a list; exports ignore it.'),
});

/**
 * EventQuery as a caller writes it; parses to the canonical form. Request schemas may contain it: it accepts the same
 * input as parseEventQuery (problemFromZodError converts its errors to a Problem).
 */
export const eventQueryInputSchema = fields.transform((input, context): EventQuery => {
  refuseContradictions(input, context);
  const lists: { [Name in ListField]?: readonly string[] } = {};
  for (const { field: list, single } of FILTER_FIELDS) {
    const value = input[single];
    const values = value === undefined ? input[list] : [value];
    if (values !== undefined) lists[list] = values;
  }
  return canonicalOrder({ ...input, ...lists });
});

/** Maximum size of a document that a request may store or search with. */
const MAX_DOCUMENT_BYTES = 64 * 1024;

/**
 * Like eventQueryInputSchema, for documents in a request. Not for stored documents: those of earlier versions may be
 * larger and must keep working.
 */
export const requestedEventQuery = eventQueryInputSchema.superRefine((query, context) => {
  const problem = tooLarge(query);
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
});

/** Error message for a document that is too large to be requested or stored; undefined if it is not. */
export function tooLarge(query: EventQuery): string | undefined {
  const bytes = Buffer.byteLength(JSON.stringify(query));
  if (bytes <= MAX_DOCUMENT_BYTES) return undefined;
  return `must have at most 64 KiB as JSON, and has ${Math.ceil(bytes / 1024)} KiB; use fewer or shorter values`;
}

/** Every field a caller may use, single forms included, and its description. */
export const EVENT_QUERY_FIELDS = fieldDescriptions(fields);

function refuseContradictions(input: z.output<typeof fields>, context: z.RefinementCtx): void {
  const { from, to, range } = input;
  for (const { field: list, single } of FILTER_FIELDS) {
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
