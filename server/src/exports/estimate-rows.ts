import type pg from 'pg';
import { countEvents } from '../events/count-events.ts';
import type { EventScope } from '../events/event-filter.ts';
import type { ResolvedEventQuery } from '../events/event-query.ts';
import { errorCode, QUERY_CANCELED } from '../regions/system-error.ts';
import { inCompany } from '../regions/transaction.ts';

/** Longest time spent on counting; an export then starts without a total. */
export const COUNT_TIMEOUT_MS = 2_000;

/** How many events match now, exactly, or null when counting takes longer than two seconds. */
export async function estimateRows(
  pool: pg.Pool,
  filters: ResolvedEventQuery,
  scope: EventScope,
): Promise<number | null> {
  return withTimeLimit(() =>
    inCompany(pool, scope.companyId, async (client) => {
      await client.query(`SET LOCAL statement_timeout = ${COUNT_TIMEOUT_MS}`);
      return countEvents(client, filters, scope);
    }),
  );
}

/** The result, or null when a statement_timeout ended the query. */
export async function withTimeLimit<Result>(work: () => Promise<Result>): Promise<Result | null> {
  try {
    return await work();
  } catch (error) {
    if (errorCode(error) === QUERY_CANCELED) return null;
    throw error;
  }
}
