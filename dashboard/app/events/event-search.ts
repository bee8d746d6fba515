import { FILTER_FIELDS, type ListParameter } from '../../../contract/filter-fields.ts';
import { parseRange, rangeText } from '../../../contract/time-range.ts';
import type { EventQuery } from '../api/event-query.ts';
import type { Me } from '../api/me.ts';
import { type IgnoredParameter, ignoredParameter, readParameters } from '../ignored-parameters.ts';
import type { SearchText } from '../search-parameters.ts';
import { EVENT_ALIASES, EVENT_READERS, filterText, parseMetadata } from './event-parameters.ts';

export const DEFAULT_RANGE = '24h';
const DEFAULT_PAGE_SIZE = 50;

/**
 * The explorer's state in the URL. Missing parameters have defaults. Malformed ones are ignored and listed on the
 * page, so that a mistyped link still opens.
 */
export type EventSearch = { readonly [Name in ListParameter]?: readonly string[] } & {
  readonly savedView?: string;
  /** The address contains only the differences from the saved view (short-address.ts). */
  readonly base?: 'view';
  /** Parameters of the view that this search removes. */
  readonly without?: readonly string[];
  /** RFC 3339, UTC; half-open with `to`. Excludes `range`. */
  readonly from?: string;
  readonly to?: string;
  /** Omitted if it is the default, except alongside a saved view. */
  readonly range?: string;
  /** Time received: RFC 3339, half-open. */
  readonly receivedFrom?: string;
  readonly receivedTo?: string;
  /** Text to find. */
  readonly q?: string;
  /** Conditions on metadata, as JSON. */
  readonly metadata?: string;
  readonly sort?: 'timestamp';
  readonly order?: 'asc';
  readonly page?: number;
  readonly pageSize?: number;
  /** Position in the list beyond the numbered pages. */
  readonly cursor?: string;
  /** ID of the event whose details are open. */
  readonly event?: string;
  /** The page the user came from, for a back link. */
  readonly ref?: 'dashboard';
};

const FILTER_PARAMETERS = [
  ...FILTER_FIELDS.map(({ parameter }) => parameter),
  'from',
  'to',
  'range',
  'receivedFrom',
  'receivedTo',
  'q',
  'metadata',
] as const satisfies readonly (keyof EventSearch)[];

/** Whether an address contains filters. A view's name, a page and an open event don't count. */
export function hasFilters(search: EventSearch): boolean {
  return FILTER_PARAMETERS.some((name) => search[name] !== undefined);
}

export interface CheckedEventSearch {
  readonly search: EventSearch;
  /** Ignored parameters. The page lists them and disables exports until they are resolved. */
  readonly ignored: readonly IgnoredParameter[];
}

/** Reads the URL's parameters independently of each other. */
export function readEventSearch(search: SearchText | Record<string, unknown>): EventSearch {
  return checkEventSearch(search).search;
}

/** Reads the parameters and also returns the ignored ones. */
export function checkEventSearch(search: SearchText | Record<string, unknown>): CheckedEventSearch {
  const { read, ignored } = readParameters(EVENT_READERS, search, EVENT_ALIASES);
  const all = [...ignored, ...dropConflicts(read)];
  dropDefaults(read);
  return { search: read, ignored: all };
}

/** Drops parameters that contradict others. */
function dropConflicts(read: Record<string, unknown>): readonly IgnoredParameter[] {
  const { from, to, range, cursor, page } = read;
  const ignored: IgnoredParameter[] = [];
  const drop = (name: string, value: unknown, reason: string, limits: boolean) => {
    delete read[name];
    ignored.push(ignoredParameter(name, value, reason, limits));
  };
  if (typeof from === 'string' && typeof to === 'string' && Date.parse(from) >= Date.parse(to)) {
    drop('from', from, 'It must be before to.', true);
    drop('to', to, 'It must be after from.', true);
  } else if (range !== undefined && (from !== undefined || to !== undefined))
    drop('range', range, 'The address also has from or to, which are used instead.', true);
  if (cursor !== undefined && page !== undefined)
    drop('page', page, 'The address also has a cursor, which is used instead.', false);
  const { receivedFrom, receivedTo } = read;
  if (
    typeof receivedFrom === 'string' &&
    typeof receivedTo === 'string' &&
    Date.parse(receivedFrom) >= Date.parse(receivedTo)
  ) {
    drop('receivedFrom', receivedFrom, 'It must be before receivedTo.', true);
    drop('receivedTo', receivedTo, 'It must be after receivedFrom.', true);
  }
  return ignored;
}

/** Removes default values, which the address omits. */
function dropDefaults(read: Record<string, unknown>): void {
  if (read['page'] === 1) delete read['page'];
  if (read['pageSize'] === DEFAULT_PAGE_SIZE) delete read['pageSize'];
  if (read['order'] === 'desc') delete read['order'];
  // Keep the default range alongside a view: without any filter the address would mean the view's own filters.
  if (read['range'] === DEFAULT_RANGE && read['savedView'] === undefined) delete read['range'];
}

/** The filter that the URL means. A member's filter always has exactly one of their workspaces. */
export function queryOfSearch(search: EventSearch, me: Me): EventQuery {
  const query: Record<string, unknown> = { version: 1 };
  for (const { parameter, field } of FILTER_FIELDS)
    if (search[parameter] !== undefined) query[field] = search[parameter];
  const locked = lockedWorkspace(search, me);
  if (locked !== undefined) query['workspaceIds'] = [locked];
  if (search.from !== undefined || search.to !== undefined) {
    if (search.from !== undefined) query['from'] = search.from;
    if (search.to !== undefined) query['to'] = search.to;
  } else if (search.range !== 'all') {
    query['range'] = parseRange(search.range ?? DEFAULT_RANGE);
  }
  if (search.receivedFrom !== undefined) query['receivedFrom'] = search.receivedFrom;
  if (search.receivedTo !== undefined) query['receivedTo'] = search.receivedTo;
  if (search.q !== undefined) query['search'] = search.q;
  const conditions = search.metadata === undefined ? undefined : parseMetadata(search.metadata);
  if (conditions !== undefined) query['metadata'] = conditions;
  return query;
}

/** The list options besides the filter. */
export function listOptions(search: EventSearch): EventQuery {
  return {
    pageSize: search.pageSize ?? DEFAULT_PAGE_SIZE,
    ...(search.order === 'asc' && { sort: 'timestamp', order: 'asc' }),
  };
}

/**
 * The one workspace that a MEMBER views: the URL's if they belong to it, otherwise their first. undefined for other
 * roles, and for a member without workspaces.
 */
export function lockedWorkspace(
  search: Pick<EventSearch, 'workspace'>,
  me: Me,
): string | undefined {
  if (me.permissions.companyWide) return undefined;
  const own = me.workspaces.map(({ id }) => id);
  return search.workspace?.find((id) => own.includes(id)) ?? own[0];
}

/** Whether the api accepts a value as a filter; events may contain longer ones. */
export function isFilterValue(value: string): boolean {
  return filterText.safeParse(value).success;
}

/** The URL search of a filter, such as that of a job or template. For a saved view, it includes the view's ID. */
export function searchOfQuery(query: EventQuery, savedView?: string): EventSearch {
  const search: Record<string, unknown> = { savedView };
  for (const { parameter, field } of FILTER_FIELDS)
    if (query[field] !== undefined) search[parameter] = query[field];
  if (query.range !== undefined) search['range'] = rangeText(query.range);
  else if (query.from === undefined && query.to === undefined) search['range'] = 'all';
  if (query.from !== undefined) search['from'] = query.from;
  if (query.to !== undefined) search['to'] = query.to;
  if (query.receivedFrom !== undefined) search['receivedFrom'] = query.receivedFrom;
  if (query.receivedTo !== undefined) search['receivedTo'] = query.receivedTo;
  if (query.search !== undefined) search['q'] = query.search;
  if (query.metadata !== undefined) search['metadata'] = JSON.stringify(query.metadata);
  if (query.order === 'asc') search['order'] = 'asc';
  if (query.pageSize !== undefined) search['pageSize'] = query.pageSize;
  return readEventSearch(search);
}
