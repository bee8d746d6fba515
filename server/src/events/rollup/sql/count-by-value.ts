import { type Queryable, query, sql } from '../../../regions/sql.ts';
import { eventCounts } from '../count-events.ts';
import type { EventScope } from '../../query/event-filter.ts';
import type { ResolvedEventQuery } from '../../../../../contract/event-query.ts';
import { withinExistingEvents } from '../../explore/within-existing-events.ts';

export interface ValueCount {
  readonly value: string;
  readonly count: number;
}

interface CountByValue {
  readonly filter: ResolvedEventQuery;
  readonly scope: EventScope;
  readonly column: 'category' | 'action';
  readonly limit: number;
}

/** Values of the matching events with the number of events, most frequent first. */
export async function countByValue(
  client: Queryable,
  { filter: given, scope, column, limit }: CountByValue,
): Promise<ValueCount[]> {
  const filter = await withinExistingEvents(client, given, scope);
  const name = sql.ref(column);
  return query(
    client,
    sql<ValueCount>`
      SELECT ${name} AS value, sum(count)::bigint AS count FROM ${eventCounts(filter, scope)} counts
      GROUP BY ${name} ORDER BY 2 DESC, ${name} COLLATE "C" LIMIT ${limit}`,
  );
}
