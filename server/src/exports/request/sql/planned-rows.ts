import { z } from 'zod';
import { eventFilter, type EventScope } from '../../../events/query/event-filter.ts';
import type { ResolvedEventQuery } from '../../../../../contract/event-query.ts';
import { type Queryable, query, sql } from '../../../regions/sql.ts';

const planSchema = z.tuple([z.object({ Plan: z.object({ 'Plan Rows': z.number() }) })]);

/** Number of matching events that the planner estimates from its statistics, without reading events. */
export async function plannedRows(
  client: Queryable,
  filters: ResolvedEventQuery,
  scope: EventScope,
): Promise<number> {
  const [row] = await query(
    client,
    sql<{ 'QUERY PLAN': unknown }>`
      EXPLAIN (FORMAT JSON) SELECT FROM events WHERE ${eventFilter(filters, scope)}`,
  );
  return planSchema.parse(row?.['QUERY PLAN'])[0].Plan['Plan Rows'];
}
