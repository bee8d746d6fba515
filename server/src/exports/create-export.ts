import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { PgBoss } from 'pg-boss';
import { Problem } from '../errors.ts';
import { createEventId } from '../events/event-id.ts';
import { type EventQuery, type ResolvedEventQuery, resolveRange } from '../events/event-query.ts';
import { inCompany } from '../regions/transaction.ts';
import { type Actor, appendAudit, type RequestOrigin } from '../tenancy/audit-log.ts';
import { resolveWorkspaces, type Scope } from '../tenancy/scope.ts';
import { enqueueExport } from './enqueue-export.ts';
import { estimateRows } from './estimate-rows.ts';
import type { ExportJob } from './export-job.ts';
import type { Compression } from './formats/compression.ts';
import type { ExportFormat } from './formats/format.ts';
import { findExport } from './sql/find-export.ts';
import { insertExport } from './sql/insert-export.ts';
import { claimIdempotencyKey } from './sql/claim-idempotency-key.ts';

export interface ExportRequest {
  readonly format: ExportFormat;
  readonly compression: Compression;
  readonly csv: { readonly formulaGuard: boolean; readonly bom: boolean };
  /** Canonical; a relative range is resolved when the job is made. */
  readonly filters: EventQuery;
  readonly limit: number | null;
  readonly purpose: string | null;
}

export interface CreateExport {
  readonly scope: Scope;
  readonly actor: Actor;
  readonly origin: RequestOrigin;
  readonly request: ExportRequest;
  readonly idempotencyKey: string | undefined;
}

export interface CreateExportDeps {
  /** Connections as exhibit_api. */
  readonly pool: pg.Pool;
  readonly queue: PgBoss;
  readonly maxRows: number;
}

/**
 * Makes a job: its row, its queue entry and its audit row commit together or not at all.
 * A replay of an Idempotency-Key (same principal, 24 h) answers with the first job.
 * @throws Problem WORKSPACE_FORBIDDEN, EXPORT_TOO_LARGE {rows, maxRows}, IDEMPOTENCY_CONFLICT
 */
export async function createExport(
  deps: CreateExportDeps,
  create: CreateExport,
): Promise<{ job: ExportJob; replayed: boolean }> {
  const { companyId } = create.scope;
  const jobId = createEventId(Date.now() * 1000);
  const { workspaceIds, filters, rowsExpected } = await checkRequest(deps, create);
  // Connects with the first job, so that an api starts while a region is down; afterwards it does nothing.
  await deps.queue.start();
  return inCompany(deps.pool, companyId, async (client) => {
    const earlier = await findReplay(client, create, jobId);
    if (earlier !== undefined) return { job: earlier, replayed: true };
    refuseTooLarge(deps, create.request, rowsExpected);
    const job = await insertExport(client, {
      ...create.request,
      companyId,
      jobId,
      workspaceIds,
      filters,
      actor: create.actor,
      maxRows: deps.maxRows,
      rowsExpected: limited(rowsExpected, create.request.limit),
    });
    await enqueueExport(deps.queue, client, { companyId, jobId });
    await appendAudit(client, {
      companyId,
      actor: create.actor,
      origin: create.origin,
      action: 'EXPORT_REQUESTED',
      subject: { type: 'export', id: jobId },
      details: {
        format: job.format,
        compression: job.compression,
        filters: job.filters,
        workspaceIds,
        purpose: job.purpose,
      },
    });
    return { job, replayed: false };
  });
}

interface CheckedRequest {
  readonly workspaceIds: readonly string[];
  readonly filters: ResolvedEventQuery;
  readonly rowsExpected: number | null;
}

async function checkRequest(
  { pool }: CreateExportDeps,
  { scope, request }: CreateExport,
): Promise<CheckedRequest> {
  const filters = resolveRange(request.filters, new Date());
  const workspaceIds = await inCompany(pool, scope.companyId, (client) =>
    resolveWorkspaces(client, scope, filters.workspaceIds),
  );
  const rowsExpected = await estimateRows(pool, filters, {
    companyId: scope.companyId,
    workspaceIds,
  });
  return { workspaceIds, filters, rowsExpected };
}

async function findReplay(
  client: pg.PoolClient,
  create: CreateExport,
  jobId: string,
): Promise<ExportJob | undefined> {
  const { scope, actor, request, idempotencyKey } = create;
  if (idempotencyKey === undefined) return undefined;
  const used = await claimIdempotencyKey(client, {
    companyId: scope.companyId,
    principal: `${actor.type}:${actor.id}`,
    keyHash: sha256(idempotencyKey),
    requestHash: sha256(JSON.stringify(request)),
    jobId,
  });
  if (used === 'new') return undefined;
  if (used === 'conflict') {
    throw new Problem(
      'IDEMPOTENCY_CONFLICT',
      'This Idempotency-Key was used in the last 24 hours for a different export.',
    );
  }
  return findExport(client, scope.companyId, used.jobId);
}

function refuseTooLarge(
  { maxRows }: CreateExportDeps,
  { limit }: ExportRequest,
  rowsExpected: number | null,
): void {
  const rows = limited(rowsExpected, limit);
  if (rows === null || rows <= maxRows) return;
  throw new Problem(
    'EXPORT_TOO_LARGE',
    `${rows} events match, and one export may hold ${maxRows}. Narrow the filter or split the time range.`,
    { members: { rows, maxRows } },
  );
}

function limited(rows: number | null, limit: number | null): number | null {
  return rows === null || limit === null ? rows : Math.min(rows, limit);
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
