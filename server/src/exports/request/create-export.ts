/*
 * The request side of an export: from an API call to a committed job. Runs in the api.
 *
 *   createExport         the transaction: job row, queue entry and audit row commit together
 *   idempotent-export    an Idempotency-Key and the job that it created
 *   admit-export         row maximum, quotas, slots; holds the lock of the company's slots until the commit
 *   audit-export         the audit rows of the request
 *   estimate-export      rows and bytes before the request; holds one connection of the read pool for at most 2 s
 *   merge-filters        a view or template, with the changes of the request
 *   probe-capabilities   what the region can do now
 */
import type pg from 'pg';
import type { PgBoss } from 'pg-boss';
import type { ResolvedEventQuery } from '../../../../contract/event-query.ts';
import { Problem } from '../../errors.ts';
import { createEventId } from '../../event-id.ts';
import { resolveRange } from '../../events/query/resolve-range.ts';
import { errorCode, UNIQUE_VIOLATION } from '../../regions/system-error.ts';
import { inCompany } from '../../regions/transaction.ts';
import type { RequestOrigin } from '../../tenancy/audit-log.ts';
import { resolveWorkspaces } from '../../tenancy/scope.ts';
import type { ExportJob } from '../export-job.ts';
import { parkExport } from '../wait/sql/park-export.ts';
import { admitExport, type ExportLimits } from './admit-export.ts';
import { auditCreation } from './audit-export.ts';
import { enqueueExport } from './enqueue-export.ts';
import { estimateRows } from './estimate-rows.ts';
import type { ExportLineage, ExportRequest } from './export-request.ts';
import { claimReplay, type RepeatableExport } from './idempotent-export.ts';
import { insertExport } from './sql/insert-export.ts';

const NO_LINEAGE: ExportLineage = { savedExplorerViewId: null, templateId: null, rerunOf: null };

export interface CreateExport extends RepeatableExport {
  readonly origin: RequestOrigin;
  readonly request: ExportRequest;
  /** ID chosen by the caller; default: a new one. */
  readonly jobId?: string | undefined;
  readonly lineage?: ExportLineage;
  /** Workspaces of the job; default: those that its filters name, else all that the caller may access. */
  readonly workspaceIds?: readonly string[];
}

export interface CreateExportDeps extends ExportLimits {
  /** Connections as exhibit_api. */
  readonly pool: pg.Pool;
  readonly queue: PgBoss;
}

/**
 * Creates a job: its row, its queue entry and its audit row are committed together or not at all. If all slots of the
 * company are taken, the job waits without a queue entry until a worker dispatches it. A replay of an Idempotency-Key
 * (same principal, 24 h) returns the first job.
 * @throws Problem WORKSPACE_FORBIDDEN, EXPORT_TOO_LARGE {rows, maxRows}, QUOTA_EXCEEDED, IDEMPOTENCY_CONFLICT (also
 *   for a chosen job id that another job has)
 */
export async function createExport(
  deps: CreateExportDeps,
  create: CreateExport,
): Promise<{ job: ExportJob; replayed: boolean }> {
  const { companyId } = create.scope;
  const jobId = create.jobId ?? createEventId(Date.now() * 1000);
  const lineage = create.lineage ?? NO_LINEAGE;
  const { workspaceIds, filters, rowsExpected } = await checkRequest(deps, create);
  // Connects with the first job, so that an API process can start while a region is down; later calls do nothing.
  await deps.queue.start();
  return inCompany(deps.pool, companyId, async (client) => {
    const earlier = await claimReplay(client, create, jobId);
    if (earlier !== undefined) return { job: earlier, replayed: true };
    const { mustWait } = await admitExport(client, companyId, rowsExpected, deps);
    const job = await insertExport(client, {
      ...create.request,
      ...lineage,
      companyId,
      jobId,
      workspaceIds,
      filters,
      actor: create.actor,
      maxRows: deps.maxRows,
      rowsExpected,
    }).catch(idTaken);
    if (mustWait) await parkExport(client, companyId, jobId);
    else await enqueueExport(deps.queue, client, { companyId, jobId });
    await auditCreation(client, create, job);
    return { job, replayed: false };
  });
}

/** Converts the error for a job ID that the caller chose and another export has. */
function idTaken(error: unknown): never {
  if (errorCode(error) !== UNIQUE_VIOLATION) throw error;
  throw new Problem(
    'IDEMPOTENCY_CONFLICT',
    'This Idempotency-Key is the id of another export. Choose a new one.',
    { cause: error },
  );
}

interface CheckedRequest {
  readonly workspaceIds: readonly string[];
  readonly filters: ResolvedEventQuery;
  readonly rowsExpected: number | null;
}

async function checkRequest(
  { pool }: CreateExportDeps,
  { scope, request, workspaceIds: about }: CreateExport,
): Promise<CheckedRequest> {
  const filters = resolveRange(request.filters, new Date());
  const workspaceIds = await inCompany(pool, scope.companyId, (client) =>
    resolveWorkspaces(client, scope, about ?? filters.workspaceIds),
  );
  const matching = await estimateRows(pool, filters, {
    companyId: scope.companyId,
    workspaceIds,
  });
  return { workspaceIds, filters, rowsExpected: limited(matching, request.limit) };
}

function limited(rows: number | null, limit: number | null): number | null {
  return rows === null || limit === null ? rows : Math.min(rows, limit);
}
