import type { Queryable } from '../../../regions/sql.ts';
import { appendAudit } from '../../../tenancy/audit-log.ts';
import type { DashboardCaller } from '../caller.ts';
import type { EventsQuestion } from './read-events.ts';

/** Records a query of events in the audit log, in the same transaction as the query. */
export async function auditQuery(
  client: Queryable,
  { scope, actor, origin }: DashboardCaller,
  { filter }: EventsQuestion,
  asked: {
    readonly kind: 'list' | 'histogram' | 'filter-options';
    readonly [detail: string]: unknown;
  },
): Promise<void> {
  const { companyId } = scope;
  await appendAudit(client, {
    companyId,
    actor,
    origin,
    action: 'EVENTS_QUERIED',
    subject: { type: 'events', id: companyId },
    details: { query: filter, ...asked },
  });
}
