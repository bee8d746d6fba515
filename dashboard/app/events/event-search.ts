import * as z from 'zod/mini';
import type { EventQuery, MetadataCondition, RelativeRange } from '../api/event-query.ts';
import type { Me } from '../api/me.ts';
import type { SearchText } from '../search-parameters.ts';

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
] as const satisfies readonly (readonly [string, keyof EventQuery])[];

export type ListParameter = (typeof LIST_PARAMETERS)[number][0];

/** `24h`, `previous:month`, or `all`; what people pick, the first being the default. */
export const DEFAULT_RANGE = '24h';
export const PAGE_SIZES = [10, 25, 50, 100, 200] as const;
const DEFAULT_PAGE_SIZE = 50;
const MOST_DAYS = 3650;
const MOST_DEPTH = 10;
const END_OF_TIME = Date.UTC(2100, 0, 1);
const DAYS_OF: Readonly<Record<string, number>> = { m: 1 / 1440, h: 1 / 24, d: 1, w: 7 };

/**
 * The explorer's state as it stands in the URL. What is not there has its default, what is malformed was
 * never there: a link that somebody mistyped still opens.
 */
export type EventSearch = { readonly [Name in ListParameter]?: readonly string[] } & {
  readonly savedView?: string;
  /** RFC 3339, UTC; half-open with `to`. Excludes `range`. */
  readonly from?: string;
  readonly to?: string;
  /** Only when it is not the default, or beside a saved view. */
  readonly range?: string;
  /** Text to find. */
  readonly q?: string;
  /** Conditions on metadata, as JSON. */
  readonly metadata?: string;
  readonly sort?: 'timestamp';
  readonly order?: 'asc';
  readonly page?: number;
  readonly pageSize?: number;
  /** Where to go on, beyond the pages that are numbered. */
  readonly cursor?: string;
  /** The event whose details are open. */
  readonly event?: string;
  /** Where the person came from: shows a way back. */
  readonly ref?: 'dashboard';
};

// What the api refuses is malformed here, too: see the server's event-query-schema.
const text = z.string().check(z.trim(), z.minLength(1), z.maxLength(256), z.regex(/^[^\0]*$/));
const listOf = (values: z.ZodMiniType<string, string>) =>
  z.pipe(
    z.transform((value: unknown) => (typeof value === 'string' ? [value] : value)),
    z.pipe(
      z.array(values).check(z.maxLength(100)),
      z.transform((items: string[]) => [...new Set(items)]),
    ),
  );
const list = listOf(text);
const workspaces = listOf(z.uuid());
const time = z.iso.datetime({ offset: true }).check(
  z.refine((value) => {
    const at = Date.parse(value);
    return at >= 0 && at <= END_OF_TIME && !/\.\d{7}/.test(value);
  }),
);
const relative = z
  .string()
  .check(z.refine((value) => value === 'all' || parseRange(value) !== undefined));
const metadata = z.string().check(z.refine((value) => parseMetadata(value) !== undefined));

const READERS = {
  savedView: z.uuid(),
  from: time,
  to: time,
  range: relative,
  q: text,
  metadata,
  sort: z.literal('timestamp'),
  order: z.literal('asc'),
  page: z.coerce.number().check(z.refine(Number.isInteger), z.gte(2), z.lte(10_000_000)),
  pageSize: z.coerce
    .number()
    .check(
      z.refine((size) => PAGE_SIZES.some((known) => known === size && size !== DEFAULT_PAGE_SIZE)),
    ),
  cursor: z.string().check(z.minLength(1), z.maxLength(1000)),
  event: z.uuid(),
  ref: z.literal('dashboard'),
} as const;

const FILTER_PARAMETERS = [
  ...LIST_PARAMETERS.map(([name]) => name),
  'from',
  'to',
  'range',
  'q',
  'metadata',
] as const satisfies readonly (keyof EventSearch)[];

/** Whether an address has a filter of its own; a view's name, a page or an open event is none. */
export function hasFilters(search: EventSearch): boolean {
  return FILTER_PARAMETERS.some((name) => search[name] !== undefined);
}

/** Reads the URL's parameters, each by itself. */
export function readEventSearch(search: SearchText | Record<string, unknown>): EventSearch {
  const read: Record<string, unknown> = {};
  for (const [name] of LIST_PARAMETERS) {
    const reader = name === 'workspace' ? workspaces : list;
    keep(read, name, reader.safeParse(search[name]));
  }
  for (const [name, reader] of Object.entries(READERS))
    keep(read, name, reader.safeParse(search[name]));
  const range = read['range'];
  const { from, to } = read;
  if (typeof from === 'string' && typeof to === 'string' && Date.parse(from) >= Date.parse(to)) {
    delete read['from'];
    delete read['to'];
  } else if (from !== undefined || to !== undefined) delete read['range'];
  // Beside a view it is said: without any filter the address would mean the view's own.
  if (range === DEFAULT_RANGE && read['savedView'] === undefined) delete read['range'];
  if (read['cursor'] !== undefined) delete read['page'];
  return read;
}

function keep(
  into: Record<string, unknown>,
  name: string,
  parsed: { success: boolean; data?: unknown },
): void {
  if (
    parsed.success &&
    parsed.data !== undefined &&
    !(Array.isArray(parsed.data) && parsed.data.length === 0)
  )
    into[name] = parsed.data;
}

/** `24h` → {last}, `previous:month` → {previous}; undefined when it is neither. */
export function parseRange(value: string): RelativeRange | undefined {
  const previous = /^previous:(day|week|month)$/.exec(value)?.[1];
  if (previous === 'day' || previous === 'week' || previous === 'month') return { previous };
  const parts = /^([1-9]\d{0,7})([mhdw])$/.exec(value);
  if (parts === null) return undefined;
  const days = Number(parts[1]) * (DAYS_OF[parts[2] ?? ''] ?? Number.NaN);
  return days <= MOST_DAYS ? { last: value } : undefined;
}

export function rangeText(range: RelativeRange): string {
  return 'last' in range ? range.last : `previous:${range.previous}`;
}

const path = z
  .string()
  .check(z.maxLength(256), z.regex(/^[^\0]+$/))
  .check(
    z.refine((value) => {
      const fields = value.split('.');
      return fields.length <= MOST_DEPTH && !fields.includes('');
    }),
  );
const compared = z
  .strictObject({
    path,
    op: z.enum(['eq', 'contains']),
    value: z.union([z.string().check(z.maxLength(256)), z.number(), z.boolean()]),
  })
  .check(z.refine(({ op, value }) => op === 'eq' || value !== ''));

function parseMetadata(value: string): readonly MetadataCondition[] | undefined {
  const schema = z
    .array(z.union([z.strictObject({ path, op: z.literal('exists') }), compared]))
    .check(z.minLength(1), z.maxLength(20));
  try {
    const parsed = schema.safeParse(JSON.parse(value));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** The filter that the URL means; a member's workspace is theirs whatever the URL says. */
export function queryOfSearch(search: EventSearch, me: Me): EventQuery {
  const query: Record<string, unknown> = { version: 1 };
  for (const [name, field] of LIST_PARAMETERS)
    if (search[name] !== undefined) query[field] = search[name];
  const locked = lockedWorkspace(search, me);
  if (locked !== undefined) query['workspaceIds'] = [locked];
  if (search.from !== undefined || search.to !== undefined) {
    if (search.from !== undefined) query['from'] = search.from;
    if (search.to !== undefined) query['to'] = search.to;
  } else if (search.range !== 'all') {
    query['range'] = parseRange(search.range ?? DEFAULT_RANGE);
  }
  if (search.q !== undefined) query['search'] = search.q;
  const conditions = search.metadata === undefined ? undefined : parseMetadata(search.metadata);
  if (conditions !== undefined) query['metadata'] = conditions;
  return query;
}

/** What a list asks for besides the filter. */
export function listOptions(search: EventSearch): EventQuery {
  return {
    pageSize: search.pageSize ?? DEFAULT_PAGE_SIZE,
    ...(search.order === 'asc' && { sort: 'timestamp', order: 'asc' }),
  };
}

/**
 * The one workspace a MEMBER looks at: the URL's when it is theirs, else their first. undefined for everybody
 * else, and for a member of none.
 */
export function lockedWorkspace(
  search: Pick<EventSearch, 'workspace'>,
  me: Me,
): string | undefined {
  if (me.permissions.companyWide) return undefined;
  const own = me.workspaces.map(({ id }) => id);
  return search.workspace?.find((id) => own.includes(id)) ?? own[0];
}

/** Whether the api takes a value as a filter; an event may hold longer ones. */
export function isFilterValue(value: string): boolean {
  return text.safeParse(value).success;
}

/** The URL that shows a filter: of a saved view, which is named then, of a job, a template. */
export function searchOfQuery(query: EventQuery, savedView?: string): EventSearch {
  const search: Record<string, unknown> = { savedView };
  for (const [name, field] of LIST_PARAMETERS)
    if (query[field] !== undefined) search[name] = query[field];
  if (query.range !== undefined) search['range'] = rangeText(query.range);
  else if (query.from === undefined && query.to === undefined) search['range'] = 'all';
  if (query.from !== undefined) search['from'] = query.from;
  if (query.to !== undefined) search['to'] = query.to;
  if (query.search !== undefined) search['q'] = query.search;
  if (query.metadata !== undefined) search['metadata'] = JSON.stringify(query.metadata);
  if (query.order === 'asc') search['order'] = 'asc';
  if (query.pageSize !== undefined) search['pageSize'] = query.pageSize;
  return readEventSearch(search);
}
