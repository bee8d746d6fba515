import { rollupAnswers } from '../../../events/rollup/count-events.ts';
import { allOf, type EventScope, scopeConditions } from '../../../events/query/event-filter.ts';
import type { ResolvedEventQuery } from '../../../../../contract/event-query.ts';
import { microsOf } from '../../../events/query/query-time.ts';
import { formatMicros, hourOf } from '../../../events/ingest/timestamp.ts';
import { type Queryable, query, type RawBuilder, sql } from '../../../regions/sql.ts';
import type { HourCount } from '../slices.ts';

/**
 * Events of the workspaces per hour, oldest first, from the rollup; only hours that overlap the time range of the
 * query.
 */
export async function countByHour(
  client: Queryable,
  filter: ResolvedEventQuery,
  scope: EventScope,
): Promise<HourCount[]> {
  const { from, to } = filter;
  const touched = allOf([
    ...scopeConditions(scope),
    ...(from === undefined
      ? []
      : [sql`hour >= ${formatMicros(hourOf(microsOf(from)))}::timestamptz`]),
    ...(to === undefined ? [] : [sql`hour < ${formatMicros(microsOf(to))}::timestamptz`]),
  ]);
  return query(
    client,
    sql<HourCount>`
      SELECT (extract(epoch FROM hour) * 1000000)::bigint AS micros, sum(count)::bigint AS count,
        coalesce(sum(count) FILTER (WHERE ${matching(filter)}), 0)::bigint AS matching
      FROM (SELECT hour, category, action, count FROM event_rollup WHERE ${touched}
            UNION ALL SELECT hour, category, action, count FROM event_rollup_deltas WHERE ${touched}) counts
      GROUP BY hour ORDER BY hour`,
  );
}

function matching(filter: ResolvedEventQuery): RawBuilder<unknown> {
  if (!rollupAnswers(filter)) return sql`false`;
  const { categories, actions } = filter;
  return allOf([
    sql`true`,
    ...(categories === undefined ? [] : [sql`category = ANY(${[...categories]}::text[])`]),
    ...(actions === undefined ? [] : [sql`action = ANY(${[...actions]}::text[])`]),
  ]);
}
