import { type Queryable, query, type RawBuilder, sql } from '../regions/sql.ts';
import { allOf, eventFilter, type EventScope, scopeConditions } from './event-filter.ts';
import type { ResolvedEventQuery } from './event-query.ts';
import { microsOf } from './query-time.ts';
import { formatMicros, hourOf } from './timestamp.ts';

const HOUR_MICROS = 3_600_000_000;

/** The fields of an EventQuery whose counts the rollup knows. */
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

/** True when the rollup answers the query: any time range, workspace, category and action, nothing else. */
export function rollupAnswers(filter: ResolvedEventQuery): boolean {
  return Object.keys(filter).every((field) => ROLLUP_FIELDS.has(field));
}

/**
 * How many events match, exactly, as of this statement's snapshot. Whole hours come from the rollup when
 * it answers the query, the parts of hours at the edges and everything else from the events.
 */
export async function countEvents(
  client: Queryable,
  filter: ResolvedEventQuery,
  scope: EventScope,
): Promise<number> {
  const counted = rollupAnswers(filter) ? countWithRollup(filter, scope) : countRows(filter, scope);
  const [row] = await query(client, sql<{ count: number }>`SELECT (${counted})::bigint AS count`);
  return row?.count ?? 0;
}

function countRows(filter: ResolvedEventQuery, scope: EventScope): RawBuilder<unknown> {
  return sql`(SELECT count(*) FROM events WHERE ${eventFilter(filter, scope)})`;
}

function countWithRollup(filter: ResolvedEventQuery, scope: EventScope): RawBuilder<unknown> {
  const from = filter.from === undefined ? undefined : microsOf(filter.from);
  const to = filter.to === undefined ? undefined : microsOf(filter.to);
  const firstHour = from === undefined ? undefined : Math.ceil(from / HOUR_MICROS) * HOUR_MICROS;
  const endHour = to === undefined ? undefined : hourOf(to);
  if (firstHour !== undefined && endHour !== undefined && firstHour >= endHour)
    return countRows(filter, scope);
  const edges: ResolvedEventQuery[] = [];
  if (from !== undefined && firstHour !== undefined && from < firstHour)
    edges.push({ ...filter, to: formatMicros(firstHour) });
  if (to !== undefined && endHour !== undefined && endHour < to)
    edges.push({ ...filter, from: formatMicros(endHour) });
  const whole = allOf([
    ...scopeConditions(scope),
    ...(firstHour === undefined ? [] : [sql`hour >= ${formatMicros(firstHour)}::timestamptz`]),
    ...(endHour === undefined ? [] : [sql`hour < ${formatMicros(endHour)}::timestamptz`]),
    ...(filter.categories === undefined
      ? []
      : [sql`category = ANY(${[...filter.categories]}::text[])`]),
    ...(filter.actions === undefined ? [] : [sql`action = ANY(${[...filter.actions]}::text[])`]),
  ]);
  const parts = [
    sql`(SELECT coalesce(sum(count), 0) FROM event_rollup WHERE ${whole})`,
    sql`(SELECT coalesce(sum(count), 0) FROM event_rollup_deltas WHERE ${whole})`,
    ...edges.map((edge) => countRows(edge, scope)),
  ];
  return sql.join(parts, sql` + `);
}
