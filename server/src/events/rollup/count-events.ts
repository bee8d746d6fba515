import { type Queryable, query, type RawBuilder, sql } from '../../regions/sql.ts';
import {
  allOf,
  type AsOf,
  eventFilter,
  type EventScope,
  newerFilter,
  scopeConditions,
} from '../query/event-filter.ts';
import type { ResolvedEventQuery } from '../../../../contract/event-query.ts';
import { microsOf } from '../query/query-time.ts';
import { formatMicros, hourOf } from '../ingest/timestamp.ts';

const HOUR_MICROS = 3_600_000_000;

/** Fields of an EventQuery that the rollup can count by. */
const ROLLUP_FIELDS = new Set([
  'version',
  'from',
  'to',
  'workspaceIds',
  'categories',
  'actions',
  'sort',
  'order',
  'pageSize',
]);

/** True if the rollup can answer the query: it filters only by time range, workspace, category and action. */
export function rollupAnswers(filter: ResolvedEventQuery): boolean {
  return Object.keys(filter).every((field) => ROLLUP_FIELDS.has(field));
}

/**
 * Exact number of matching events in this statement's snapshot. Comes from the rollup if that can answer the query,
 * and from the events for partial hours only.
 */
export async function countEvents(
  client: Queryable,
  filter: ResolvedEventQuery,
  scope: EventScope,
): Promise<number> {
  const counted: RawBuilder<unknown> = rollupAnswers(filter)
    ? sql`SELECT coalesce(sum(count), 0) FROM ${eventCounts(filter, scope)} counts`
    : sql`SELECT count(*) FROM events WHERE ${eventFilter(filter, scope)}`;
  const [row] = await query(client, sql<{ count: number }>`SELECT (${counted})::bigint AS count`);
  return row?.count ?? 0;
}

/** Like countEvents, but stops at `most`; the result is then `most` and not exact. */
export async function countEventsUpTo(
  client: Queryable,
  filter: ResolvedEventQuery,
  scope: EventScope,
  max: number,
): Promise<{ total: number; exact: boolean }> {
  if (rollupAnswers(filter))
    return { total: await countEvents(client, filter, scope), exact: true };
  const [row] = await query(
    client,
    sql<{ count: number }>`
      SELECT count(*)::bigint AS count
      FROM (SELECT FROM events WHERE ${eventFilter(filter, scope)} LIMIT ${max + 1}) counted`,
  );
  const count = row?.count ?? 0;
  return { total: Math.min(count, max), exact: count <= max };
}

interface CountRow {
  /** Start of the UTC hour. */
  readonly hour: Date;
  readonly category: string;
  readonly action: string;
  readonly count: number;
}

/**
 * A subquery whose counts add up to exactly the number of matching events; an (hour, category, action) may have
 * several rows. Whole hours come from the rollup if it can answer the query. Partial hours at the edges of the time
 * range, and all other queries, are counted from the events. Totals, pages, histogram and filter options all use it,
 * so they cannot disagree.
 */
export function eventCounts(filter: ResolvedEventQuery, scope: EventScope): RawBuilder<CountRow> {
  if (!rollupAnswers(filter)) return sql`(${countRows(filter, scope)})`;
  const { edges, whole } = splitAtHours(filter);
  const parts = edges.map((edge) => countRows({ ...filter, ...edge }, scope));
  if (whole !== undefined) {
    const rows = wholeHours(filter, whole, scope);
    parts.push(
      sql`SELECT hour, category, action, count FROM event_rollup WHERE ${rows}`,
      sql`SELECT hour, category, action, count FROM event_rollup_deltas WHERE ${rows}`,
    );
    if (scope.asOf !== undefined) parts.push(newerRows(filter, whole, scope, scope.asOf));
  }
  const counts = sql<CountRow>`(${sql.join(parts, sql` UNION ALL `)})`;
  return scope.asOf === undefined ? counts : withoutEmpty(counts);
}

/** Counts of events that the rollup includes although they arrived after `asOf`, to be subtracted. */
function newerRows(
  filter: ResolvedEventQuery,
  { from, to }: Interval,
  scope: EventScope,
  asOf: AsOf,
): RawBuilder<CountRow> {
  const within = {
    ...filter,
    ...(from !== undefined && { from: formatMicros(from) }),
    ...(to !== undefined && { to: formatMicros(to) }),
  };
  return sql`
    SELECT to_timestamp(${EVENT_MILLIS} / 3600000 * 3600) AS hour, category, action, -count(*) AS count
    FROM events WHERE ${newerFilter(within, scope, asOf)} GROUP BY 1, 2, 3`;
}

/** Hours with only newer events must not appear, because the histogram would start or end with them. */
function withoutEmpty(counts: RawBuilder<CountRow>): RawBuilder<CountRow> {
  return sql`(SELECT hour, category, action, sum(count) AS count FROM ${counts} AS bounded
    GROUP BY 1, 2, 3 HAVING sum(count) > 0)`;
}

/**
 * Time of an event from its ID, in milliseconds since the epoch; `timestamp` is text as sent and would be rounded.
 */
export const EVENT_MILLIS: RawBuilder<number> = sql`('x' || left(id::text, 8) || substr(id::text, 10, 4))::bit(48)::bigint`;

function countRows(filter: ResolvedEventQuery, scope: EventScope): RawBuilder<CountRow> {
  return sql`
    SELECT to_timestamp(${EVENT_MILLIS} / 3600000 * 3600) AS hour, category, action, count(*) AS count
    FROM events WHERE ${eventFilter(filter, scope)} GROUP BY 1, 2, 3`;
}

interface Interval {
  /** Microseconds since the epoch, inclusive. */
  readonly from: number | undefined;
  /** Exclusive. */
  readonly to: number | undefined;
}

/** The time range as whole hours and at most two partial hours around them. */
function splitAtHours(filter: ResolvedEventQuery): {
  edges: Pick<ResolvedEventQuery, 'from' | 'to'>[];
  whole: Interval | undefined;
} {
  const from = filter.from === undefined ? undefined : microsOf(filter.from);
  const to = filter.to === undefined ? undefined : microsOf(filter.to);
  const firstHour = from === undefined ? undefined : Math.ceil(from / HOUR_MICROS) * HOUR_MICROS;
  const endHour = to === undefined ? undefined : hourOf(to);
  // The range is within one hour or two adjacent ones, so there is no whole hour and one range of rows is simplest.
  if (firstHour !== undefined && endHour !== undefined && firstHour >= endHour)
    return { edges: [{}], whole: undefined };
  const edges: Pick<ResolvedEventQuery, 'from' | 'to'>[] = [];
  if (from !== undefined && firstHour !== undefined && from < firstHour)
    edges.push({ to: formatMicros(firstHour) });
  if (to !== undefined && endHour !== undefined && endHour < to)
    edges.push({ from: formatMicros(endHour) });
  return { edges, whole: { from: firstHour, to: endHour } };
}

function wholeHours(filter: ResolvedEventQuery, { from, to }: Interval, scope: EventScope) {
  const { categories, actions } = filter;
  return allOf([
    ...scopeConditions(scope),
    ...(from === undefined ? [] : [sql`hour >= ${formatMicros(from)}::timestamptz`]),
    ...(to === undefined ? [] : [sql`hour < ${formatMicros(to)}::timestamptz`]),
    ...(categories === undefined ? [] : [sql`category = ANY(${[...categories]}::text[])`]),
    ...(actions === undefined ? [] : [sql`action = ANY(${[...actions]}::text[])`]),
  ]);
}
