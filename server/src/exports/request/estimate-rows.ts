import type pg from 'pg';
import { countEvents, rollupAnswers } from '../../events/rollup/count-events.ts';
import type { EventScope } from '../../events/query/event-filter.ts';
import type { ResolvedEventQuery } from '../../../../contract/event-query.ts';
import { withinExistingEvents } from '../../events/explore/within-existing-events.ts';
import type { Queryable } from '../../regions/sql.ts';
import { errorCode, QUERY_CANCELED } from '../../regions/system-error.ts';
import { inCompany } from '../../regions/transaction.ts';
import { plannedRows } from './sql/planned-rows.ts';

/** Maximum time for counting; after it, an export starts without a total. */
export const COUNT_TIMEOUT_MS = 2_000;
/** Maximum time for planning a count. */
const PLANNING_TIMEOUT_MS = 10_000;

/** Exact number of events that match now; null if counting takes longer than two seconds. */
export async function estimateRows(
  pool: pg.Pool,
  filters: ResolvedEventQuery,
  scope: EventScope,
): Promise<number | null> {
  return withTimeLimit(() =>
    inCompany(pool, scope.companyId, async (client) => {
      return countWithinLimit(client, filters, scope);
    }),
  );
}

/**
 * Exact number of matching events in the snapshot of the transaction or statement. @throws the error of
 * statement_timeout if executing the count takes longer than two seconds. Planning time does not count: it is
 * measured first and added.
 */
export async function countWithinLimit(
  client: Queryable,
  filters: ResolvedEventQuery,
  scope: EventScope,
): Promise<number> {
  await setStatementTimeout(client, COUNT_TIMEOUT_MS);
  const narrowed = await withinExistingEvents(client, filters, scope);
  const planningMs = rollupAnswers(narrowed) ? 0 : await measurePlanning(client, narrowed, scope);
  await setStatementTimeout(client, COUNT_TIMEOUT_MS + 2 * planningMs);
  return countEvents(client, narrowed, scope);
}

async function measurePlanning(
  client: Queryable,
  filters: ResolvedEventQuery,
  scope: EventScope,
): Promise<number> {
  await setStatementTimeout(client, PLANNING_TIMEOUT_MS);
  const start = performance.now();
  await plannedRows(client, filters, scope);
  return Math.ceil(performance.now() - start);
}

function setStatementTimeout(client: Queryable, ms: number): Promise<unknown> {
  return client.query({ text: `SET LOCAL statement_timeout = ${ms}` });
}

/** The result, or null if statement_timeout ended the query. */
export async function withTimeLimit<Result>(work: () => Promise<Result>): Promise<Result | null> {
  try {
    return await work();
  } catch (error) {
    if (errorCode(error) === QUERY_CANCELED) return null;
    throw error;
  }
}
