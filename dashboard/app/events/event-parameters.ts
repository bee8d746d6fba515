import * as z from 'zod/mini';
import { parseMetadataPath } from '../../../server/src/events/query/metadata-path.ts';
import { parseJsonExactly } from '../../../contract/json/parse-json-exactly.ts';
import type { EventQuery, MetadataCondition, RelativeRange } from '../api/event-query.ts';
import type { ParameterReader } from '../ignored-parameters.ts';
import { endTime, startTime } from '../time/address-time.ts';

/** Lists of the URL and the field of the EventQuery each fills. */
export const LIST_PARAMETERS = [
  ['workspace', 'workspaceIds'],
  ['project', 'projectIds'],
  ['category', 'categories'],
  ['action', 'actions'],
  ['actor', 'actorEmails'],
  ['actorId', 'actorIds'],
  ['resourceType', 'resourceTypes'],
  ['resource', 'resourceIds'],
  ['tag', 'tags'],
  ['trace', 'traceIds'],
  ['ip', 'ipAddresses'],
  ['apiKey', 'apiKeyIds'],
] as const satisfies readonly (readonly [string, keyof EventQuery])[];

export const PAGE_SIZES = [10, 25, 50, 100, 200] as const;
const MAX_DAYS = 3650;
const DAYS_OF: Readonly<Record<string, number>> = { m: 1 / 1440, h: 1 / 24, d: 1, w: 7 };

// What the api refuses is malformed here, too: see the server's event-query-schema.
export const filterText = z
  .string()
  .check(z.trim(), z.minLength(1), z.maxLength(256), z.regex(/^[^\0]*$/));
const listOf = (values: z.ZodMiniType<string, string>) =>
  z.pipe(
    z.transform((value: unknown) => (typeof value === 'string' ? [value] : value)),
    z.pipe(
      z.array(values).check(z.maxLength(100)),
      z.transform((items: string[]) => [...new Set(items)]),
    ),
  );
const list = listOf(filterText);
const workspaces = listOf(z.uuid());
const relative = z
  .string()
  .check(z.refine((value) => value === 'all' || parseRange(value) !== undefined));
const metadata = z.string().check(z.refine((value) => parseMetadata(value) !== undefined));

const EXPECTS_TIME =
  'a date such as 2026-07-01 (UTC) or a time such as 2026-07-01T12:00:00Z, between 1970 and 2099; write + as %2B';

const filter = (schema: z.ZodMiniType, expects: string): ParameterReader => ({
  schema,
  expects,
  limits: true,
});
const display = (schema: z.ZodMiniType, expects: string): ParameterReader => ({
  schema,
  expects,
  limits: false,
});

/** How each parameter of the explorer's address is read. */
export const EVENT_READERS: Readonly<Record<string, ParameterReader>> = {
  ...Object.fromEntries(
    LIST_PARAMETERS.map(([name]) => [
      name,
      name === 'workspace'
        ? filter(workspaces, 'the id of a workspace, at most 100 of them')
        : filter(list, '1 to 256 characters, at most 100 values'),
    ]),
  ),
  savedView: filter(z.uuid(), 'the id of a saved view'),
  base: filter(z.literal('view'), 'view'),
  without: filter(list, 'names of parameters'),
  from: filter(startTime, EXPECTS_TIME),
  to: filter(endTime, EXPECTS_TIME),
  receivedFrom: filter(startTime, EXPECTS_TIME),
  receivedTo: filter(endTime, EXPECTS_TIME),
  range: filter(
    relative,
    'a range such as 24h, 7d, previous:day, previous:week, previous:month or all, up to 3650d',
  ),
  q: filter(filterText, 'a text of 1 to 256 characters'),
  metadata: filter(
    metadata,
    'a JSON list of conditions such as [{"path":"a.b","op":"eq","value":1}], with op eq, contains or exists',
  ),
  sort: display(z.literal('timestamp'), 'timestamp'),
  order: display(z.enum(['asc', 'desc']), 'asc or desc'),
  page: display(
    z.coerce.number().check(z.refine(Number.isInteger), z.gte(1), z.lte(10_000_000)),
    'a whole number, 1 or more',
  ),
  pageSize: display(
    z.coerce.number().check(z.refine((size) => PAGE_SIZES.some((known) => known === size))),
    PAGE_SIZES.join(', '),
  ),
  cursor: display(z.string().check(z.minLength(1), z.maxLength(1000)), 'a cursor of this list'),
  event: display(z.uuid(), 'the id of an event'),
  ref: display(z.literal('dashboard'), 'dashboard'),
};

/** What other products and our own API call these parameters. */
export const EVENT_ALIASES: Readonly<Record<string, string>> = {
  search: 'q',
  query: 'q',
  text: 'q',
  last: 'range',
  previous: 'range',
  since: 'from',
  start: 'from',
  until: 'to',
  end: 'to',
  workspaceId: 'workspace',
  workspaceIds: 'workspace',
  projectId: 'project',
  projectIds: 'project',
  categories: 'category',
  actions: 'action',
  actorEmail: 'actor',
  actorEmails: 'actor',
  email: 'actor',
  user: 'actor',
  actorIds: 'actorId',
  resourceTypes: 'resourceType',
  resourceId: 'resource',
  resourceIds: 'resource',
  tags: 'tag',
  traceId: 'trace',
  traceIds: 'trace',
  ipAddress: 'ip',
  ipAddresses: 'ip',
  apiKeyId: 'apiKey',
  apiKeyIds: 'apiKey',
  limit: 'pageSize',
  view: 'savedView',
};

/** `24h` → {last}, `previous:month` → {previous}; undefined when it is neither. */
export function parseRange(value: string): RelativeRange | undefined {
  const previous = /^previous:(day|week|month)$/.exec(value)?.[1];
  if (previous === 'day' || previous === 'week' || previous === 'month') return { previous };
  const parts = /^([1-9]\d{0,7})([mhdw])$/.exec(value);
  if (parts === null) return undefined;
  const days = Number(parts[1]) * (DAYS_OF[parts[2] ?? ''] ?? Number.NaN);
  return days <= MAX_DAYS ? { last: value } : undefined;
}

export function rangeText(range: RelativeRange): string {
  return 'last' in range ? range.last : `previous:${range.previous}`;
}

const path = z.string().check(z.maxLength(256), z.refine(isPath));
const compared = z
  .strictObject({
    path,
    op: z.enum(['eq', 'contains']),
    value: z.union([z.string().check(z.maxLength(256)), z.number(), z.boolean(), z.null()]),
  })
  .check(z.refine(({ op, value }) => op === 'eq' || (value !== '' && value !== null)));

function isPath(text: string): boolean {
  try {
    parseMetadataPath(text);
    return true;
  } catch {
    return false;
  }
}

export function parseMetadata(value: string): readonly MetadataCondition[] | undefined {
  const schema = z
    .array(z.union([z.strictObject({ path, op: z.literal('exists') }), compared]))
    .check(z.minLength(1), z.maxLength(20));
  try {
    const parsed = schema.safeParse(parseJsonExactly(value));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
