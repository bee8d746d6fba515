import type pg from 'pg';
import { Problem } from '../../../errors.ts';
import type { AsOf, Cut, EventScope } from '../../../events/query/event-filter.ts';
import { resolveRange } from '../../../events/query/resolve-range.ts';
import type { EventQuery, ResolvedEventQuery } from '../../../../../contract/event-query.ts';
import { readHeads } from '../../../events/explore/sql/read-heads.ts';
import { errorCode, QUERY_CANCELED } from '../../../regions/system-error.ts';
import { inCompany } from '../../../regions/transaction.ts';
import { requireNamedWorkspace } from '../../../tenancy/access.ts';
import { resolveWorkspaces } from '../../../tenancy/scope.ts';
import type { DashboardCaller } from '../caller.ts';
import { decodeAsOf } from './as-of-token.ts';

const QUERY_TIMEOUT_MS = 5_000;

/** The query with its time range fixed and its workspaces resolved for the caller. */
export interface EventsQuestion {
  readonly filter: ResolvedEventQuery;
  readonly scope: EventScope;
  /** Highest event number covered, by workspace: the bound of the request, or otherwise the newest event. */
  readonly cut: Cut;
}

interface Asked {
  readonly filters: EventQuery;
  /** The bound from an earlier page. */
  readonly asOf: string | undefined;
}

/**
 * Runs a query of events in one snapshot, so that a list, its total and its audit row agree.
 * @throws Problem WORKSPACE_REQUIRED, WORKSPACE_FORBIDDEN, SEARCH_TOO_BROAD after five seconds; VALIDATION_FAILED
 *   for an `asOf` that is not valid
 */
export async function readEvents<Answer>(
  { region, scope, ...user }: DashboardCaller,
  { filters, asOf }: Asked,
  answer: (client: pg.PoolClient, question: EventsQuestion) => Promise<Answer>,
): Promise<Answer> {
  requireNamedWorkspace({ ...user, scope }, 'events.read', filters.workspaceIds);
  const { companyId } = scope;
  const bound = asOf === undefined ? undefined : decodeAsOf(companyId, asOf);
  const filter = resolveRange(filters, new Date());
  const work = async (client: pg.PoolClient) => {
    const workspaceIds = await resolveWorkspaces(client, scope, filter.workspaceIds);
    await client.query(`SET LOCAL statement_timeout = ${QUERY_TIMEOUT_MS}`);
    const heads = await readHeads(client, companyId, workspaceIds);
    const since = bound === undefined ? undefined : movedSince(bound, heads);
    const cut = bound ?? heads;
    return answer(client, { filter, cut, scope: { companyId, workspaceIds, asOf: since } });
  };
  return inCompany(region.reads, companyId, work, 'REPEATABLE READ').catch(tooBroad);
}

/** undefined if no event has arrived since: the snapshot itself is the bound and needs no condition. */
function movedSince(bound: Cut, heads: Cut): AsOf | undefined {
  const moved = Object.keys(heads).filter((id) => (heads[id] ?? 0) > (bound[id] ?? 0));
  return moved.length === 0 ? undefined : { cut: bound, moved };
}

function tooBroad(error: unknown): never {
  if (errorCode(error) !== QUERY_CANCELED) throw error;
  throw new Problem(
    'SEARCH_TOO_BROAD',
    'The search took longer than 5 seconds. Narrow the time range or add a filter.',
    { cause: error },
  );
}
