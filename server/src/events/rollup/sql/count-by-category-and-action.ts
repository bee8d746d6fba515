import { type Queryable, query, sql } from '../../../regions/sql.ts';
import { eventCounts } from '../count-events.ts';
import type { EventScope } from '../../query/event-filter.ts';
import type { ResolvedEventQuery } from '../../../../../contract/event-query.ts';
import { withinExistingEvents } from '../../explore/within-existing-events.ts';
import type { ValueCount } from './count-by-value.ts';

interface CountByCategoryAndAction {
  readonly filter: ResolvedEventQuery;
  readonly scope: EventScope;
  /** Maximum number of values of each. */
  readonly limit: number;
}

/** Result of countByValue for both fields, from one read of the counts, which is the main cost of either. */
export async function countByCategoryAndAction(
  client: Queryable,
  { filter: given, scope, limit }: CountByCategoryAndAction,
): Promise<{ categories: ValueCount[]; actions: ValueCount[] }> {
  const filter = await withinExistingEvents(client, given, scope);
  const rows = await query(
    client,
    sql<ValueCount & { field: 'category' | 'action' }>`
      WITH pairs AS MATERIALIZED (
        SELECT category, action, sum(count) AS count FROM ${eventCounts(filter, scope)} counts GROUP BY 1, 2)
      (SELECT 'category' AS field, category AS value, sum(count)::bigint AS count FROM pairs
        GROUP BY 2 ORDER BY 3 DESC, category COLLATE "C" LIMIT ${limit})
      UNION ALL
      (SELECT 'action', action, sum(count)::bigint FROM pairs
        GROUP BY 2 ORDER BY 3 DESC, action COLLATE "C" LIMIT ${limit})`,
  );
  const of = (field: 'category' | 'action') =>
    rows.filter((row) => row.field === field).map(({ value, count }) => ({ value, count }));
  return { categories: of('category'), actions: of('action') };
}
