import { canonicalOrder, eventQueryInputSchema } from './event-query-schema.ts';
import { rangeAt } from './query-range.ts';
import { formatMicros } from '../ingest/timestamp.ts';
import { problemFromZodError } from './validation-problem.ts';

/**
 * The canonical filter document, shared by explorer, saved views, templates, exports and estimates.
 * Only parseEventQuery, parseQueryString and resolveRange make one: keys come in the order below, absent
 * fields have no key, list values are trimmed, different and in code point order. Queries that mean the
 * same therefore have the same JSON text.
 */
export interface EventQuery {
  readonly version: 1;
  /** Start, inclusive, canonical UTC: `2026-05-14T12:00:00Z`, at most microseconds. */
  readonly from?: string;
  /** End, exclusive, as `from`; at most `2100-01-01T00:00:00Z`. */
  readonly to?: string;
  /** Never together with from or to. */
  readonly range?: QueryRange;
  readonly workspaceIds?: readonly string[];
  readonly projectIds?: readonly string[];
  readonly categories?: readonly string[];
  readonly actions?: readonly string[];
  readonly actorIds?: readonly string[];
  readonly actorEmails?: readonly string[];
  readonly resourceTypes?: readonly string[];
  readonly resourceIds?: readonly string[];
  readonly tags?: readonly string[];
  readonly traceIds?: readonly string[];
  readonly ipAddresses?: readonly string[];
  /** Ids of the API keys that sent the events. */
  readonly apiKeyIds?: readonly string[];
  /** Start of the receipt of the events, inclusive, as `from`. */
  readonly receivedFrom?: string;
  /** End of the receipt, exclusive. */
  readonly receivedTo?: string;
  readonly search?: string;
  readonly metadata?: readonly MetadataCondition[];
  readonly sort?: 'timestamp';
  readonly order?: 'asc' | 'desc';
  readonly pageSize?: number;
}

/** A time range that moves with the clock: `{ last: '24h' }` or `{ previous: 'month' }`. */
export type QueryRange = { readonly last: string } | { readonly previous: PreviousPeriod };
export type PreviousPeriod = 'day' | 'week' | 'month';

/** A condition on one place in an event's metadata. `value` is absent exactly when `op` is `exists`. */
export interface MetadataCondition {
  /** In its one spelling, as metadata-path.ts writes it: `request.headers[0].host`. */
  readonly path: string;
  readonly op: 'eq' | 'exists' | 'contains';
  readonly value?: string | number | boolean | null;
}

/** An EventQuery whose time range stands still: the only kind that can be turned into SQL. */
export type ResolvedEventQuery = Omit<EventQuery, 'range'> & { readonly range?: never };

interface ParseOptions {
  /** Put before the path of every error; default `filters`, '' for none. */
  readonly pathPrefix?: string;
}

/**
 * Reads an EventQuery as a caller wrote it (single forms, any order, padding) into the canonical form.
 * Reading a canonical one again gives the same.
 *
 * @throws Problem VALIDATION_FAILED, or EMPTY_FILTER for an explicit `[]`; its errors name each field.
 */
export function parseEventQuery(input: unknown, options: ParseOptions = {}): EventQuery {
  const result = eventQueryInputSchema.safeParse(input);
  if (result.success) return result.data;
  throw problemFromZodError(result.error, { prefix: options.pathPrefix ?? 'filters' });
}

/** `query` with `range` replaced by the from and to it means at `now`; canonical. */
export function resolveRange(query: EventQuery, now: Date): ResolvedEventQuery {
  const { range, ...fixed } = query;
  if (range === undefined) return fixed;
  const { fromMs, toMs } = rangeAt(range, now.getTime());
  const times = { from: formatMicros(fromMs * 1000), to: formatMicros(toMs * 1000) };
  const { range: _, ...resolved } = canonicalOrder({ ...fixed, ...times });
  return resolved;
}
