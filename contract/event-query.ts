import { FILTER_FIELDS, type ListField } from './filter-fields.ts';
import type { QueryRange } from './time-range.ts';

/** List filters, from the table in filter-fields.ts: an event must have one of the values of each. */
export type ListFilters = { readonly [Field in ListField]?: readonly string[] };

/**
 * The canonical filter document, shared by explorer, saved views, templates, exports and estimates. Only
 * parseEventQuery, parseQueryString and resolveRange create one: keys are in the order of CANONICAL_ORDER, absent
 * fields have no key, list values are trimmed, unique and in code point order. Queries with the same meaning therefore
 * have the same JSON text.
 */
export interface EventQuery extends ListFilters {
  readonly version: 1;
  /** Start, inclusive, canonical UTC: `2026-05-14T12:00:00Z`, at most microseconds. */
  readonly from?: string;
  /** End, exclusive, written like `from`; at most `2100-01-01T00:00:00Z`. */
  readonly to?: string;
  /** Never together with from or to. */
  readonly range?: QueryRange;
  /** Start of the time in which the events were received, inclusive, written like `from`. */
  readonly receivedFrom?: string;
  /** End of that time, exclusive. */
  readonly receivedTo?: string;
  readonly search?: string;
  readonly metadata?: readonly MetadataCondition[];
  readonly sort?: 'timestamp';
  readonly order?: 'asc' | 'desc';
  readonly pageSize?: number;
}

/** A condition on one place in an event's metadata. `value` is absent exactly when `op` is `exists`. */
export interface MetadataCondition {
  /** In its canonical spelling, as metadata-path.ts writes it: `request.headers[0].host`. */
  readonly path: string;
  readonly op: 'eq' | 'exists' | 'contains';
  readonly value?: string | number | boolean | null;
}

/** An EventQuery whose time range does not move with the clock: the only kind that can be turned into SQL. */
export type ResolvedEventQuery = Omit<EventQuery, 'range'> & { readonly range?: never };

const CANONICAL_ORDER: readonly (keyof EventQuery)[] = [
  'from',
  'to',
  'range',
  ...FILTER_FIELDS.map(({ field }) => field),
  'receivedFrom',
  'receivedTo',
  'search',
  'metadata',
  'sort',
  'order',
  'pageSize',
];

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
