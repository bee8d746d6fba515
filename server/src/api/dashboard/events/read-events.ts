import type pg from 'pg';
import { Problem } from '../../../errors.ts';
import type { EventScope } from '../../../events/event-filter.ts';
import {
  type EventQuery,
  type ResolvedEventQuery,
  resolveRange,
} from '../../../events/event-query.ts';
import { errorCode, QUERY_CANCELED } from '../../../regions/system-error.ts';
import { inCompany } from '../../../regions/transaction.ts';
import { requireNamedWorkspace } from '../../../tenancy/access.ts';
import { resolveWorkspaces } from '../../../tenancy/scope.ts';
import type { DashboardCaller } from '../caller.ts';

const QUERY_TIMEOUT_MS = 5_000;

/** The question with its time range fixed and its workspaces resolved for the caller. */
export interface EventsQuestion {
  readonly filter: ResolvedEventQuery;
  readonly scope: EventScope;
}

/**
 * Answers a question about events in one snapshot, so that a list, its total and its audit row agree.
 * @throws Problem WORKSPACE_REQUIRED, WORKSPACE_FORBIDDEN, SEARCH_TOO_BROAD after five seconds
 */
export async function readEvents<Answer>(
  { region, scope, ...user }: DashboardCaller,
  asked: EventQuery,
  answer: (client: pg.PoolClient, question: EventsQuestion) => Promise<Answer>,
): Promise<Answer> {
  requireNamedWorkspace({ ...user, scope }, 'events.read', asked.workspaceIds);
  const { companyId } = scope;
  const filter = resolveRange(asked, new Date());
  const work = async (client: pg.PoolClient) => {
    const workspaceIds = await resolveWorkspaces(client, scope, filter.workspaceIds);
    await client.query(`SET LOCAL statement_timeout = ${QUERY_TIMEOUT_MS}`);
    return answer(client, { filter, scope: { companyId, workspaceIds } });
  };
  return inCompany(region.reads, companyId, work, 'REPEATABLE READ').catch(tooBroad);
}

function tooBroad(error: unknown): never {
  if (errorCode(error) !== QUERY_CANCELED) throw error;
  throw new Problem(
    'SEARCH_TOO_BROAD',
    'This took longer than 5 seconds. Narrow the time range or add a filter.',
    { cause: error },
  );
}
