import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { PgBoss } from 'pg-boss';
import { Problem } from '../../errors.ts';
import { createEventId } from '../../event-id.ts';
import { resolveRange } from '../../events/query/resolve-range.ts';
import type { ResolvedEventQuery } from '../../../../contract/event-query.ts';
import { errorCode, UNIQUE_VIOLATION } from '../../regions/system-error.ts';
import { inCompany } from '../../regions/transaction.ts';
import { type Actor, appendAudit, type RequestOrigin } from '../../tenancy/audit-log.ts';
import { requireRoom } from '../../tenancy/quota.ts';
import { resolveWorkspaces, type Scope } from '../../tenancy/scope.ts';
import { enqueueExport } from './enqueue-export.ts';
import { estimateRows } from './estimate-rows.ts';
import type { ExportJob } from '../export-job.ts';
import type { ExportLineage, ExportRequest } from './export-request.ts';
import { countSlotsTaken } from './sql/count-slots-taken.ts';
import { findExport } from './sql/find-export.ts';
import { insertExport } from './sql/insert-export.ts';
import { parkExport } from '../wait/sql/park-export.ts';
import { lockSlots } from '../run/sql/lock-slots.ts';
import { sumArtifactBytes } from '../artifact/sql/sum-artifact-bytes.ts';
import { claimIdempotencyKey, findIdempotencyKey } from './sql/claim-idempotency-key.ts';

const NO_LINEAGE: ExportLineage = { savedExplorerViewId: null, templateId: null, rerunOf: null };

/** An Idempotency-Key and its owner. */
export interface RepeatableExport {
  readonly scope: Scope;
  readonly actor: Actor;
  readonly idempotencyKey: string | undefined;
  /** Content that a replay must equal; default: the request. */
  readonly asked?: unknown;
}

export interface CreateExport extends RepeatableExport {
  readonly origin: RequestOrigin;
  readonly request: ExportRequest;
  /** ID chosen by the caller; default: a new one. */
  readonly jobId?: string | undefined;
  readonly lineage?: ExportLineage;
  /** Workspaces of the job; default: those that its filters name, else all that the caller may access. */
  readonly workspaceIds?: readonly string[];
}

export interface CreateExportDeps {
  /** Connections as exhibit_api. */
  readonly pool: pg.Pool;
  readonly queue: PgBoss;
  readonly maxRows: number;
  /** Jobs of one company that run concurrently. */
  readonly maxRunning: number;
  /** Maximum number of waiting jobs of one company; default: no limit. */
  readonly maxPending?: number | undefined;
  /** Maximum bytes of all export files of one company; default: no limit. */
  readonly maxArtifactBytes?: number | undefined;
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
    const earlier = await findReplay(client, create, jobId);
    if (earlier !== undefined) return { job: earlier, replayed: true };
    refuseTooLarge(deps, create.request, rowsExpected);
    const mustWait = await slotsAreTaken(client, companyId, deps.maxRunning);
    await requireRoomToWait(client, companyId, deps.maxPending);
    await requireRoomForFiles(client, companyId, deps.maxArtifactBytes);
    const job = await insertExport(client, {
      ...create.request,
      ...lineage,
      companyId,
      jobId,
      workspaceIds,
      filters,
      actor: create.actor,
      maxRows: deps.maxRows,
      rowsExpected: limited(rowsExpected, create.request.limit),
    }).catch(idTaken);
    if (mustWait) await parkExport(client, companyId, jobId);
    else await enqueueExport(deps.queue, client, { companyId, jobId });
    await auditCreation(client, create, job);
    return { job, replayed: false };
  });
}

/**
 * Locks the slots until the commit: a job that ends in the meantime either dispatches this one or counts as ended.
 */
async function slotsAreTaken(
  client: pg.PoolClient,
  companyId: string,
  slots: number,
): Promise<boolean> {
  if (!(await lockSlots(client, companyId))) return false;
  return (await countSlotsTaken(client, companyId, ['pending', 'running'], slots)) >= slots;
}

/** Strict because the slots are locked: two concurrent requests cannot both take the last place. */
async function requireRoomToWait(
  client: pg.PoolClient,
  companyId: string,
  limit: number | undefined,
): Promise<void> {
  if (limit === undefined) return;
  requireRoom(
    'pendingExports',
    await countSlotsTaken(client, companyId, ['pending'], limit),
    limit,
  );
}

/**
 * A company that has used up its storage quota cannot start an export. Running exports are checked while they write.
 */
async function requireRoomForFiles(
  client: pg.PoolClient,
  companyId: string,
  limit: number | undefined,
): Promise<void> {
  if (limit === undefined) return;
  const usage = await sumArtifactBytes(client, companyId);
  if (usage !== undefined) requireRoom('artifactBytes', usage.bytes, limit);
}

async function auditCreation(
  client: pg.PoolClient,
  { actor, origin }: CreateExport,
  job: ExportJob,
): Promise<void> {
  const { companyId, jobId, templateId, rerunOf } = job;
  const entry = { companyId, actor, origin };
  if (templateId !== null && rerunOf === null) {
    await appendAudit(client, {
      ...entry,
      action: 'EXPORT_TEMPLATE_RUN',
      subject: { type: 'export_template', id: templateId },
      details: { jobId },
    });
  }
  await appendAudit(client, {
    ...entry,
    action: rerunOf === null ? 'EXPORT_REQUESTED' : 'EXPORT_RERUN',
    subject: { type: 'export', id: jobId },
    details: {
      format: job.format,
      compression: job.compression,
      filters: job.filters,
      workspaceIds: job.workspaceIds,
      purpose: job.purpose,
      ...(job.savedExplorerViewId === null ? {} : { savedExplorerViewId: job.savedExplorerViewId }),
      ...(templateId === null ? {} : { templateId }),
      ...(rerunOf === null ? {} : { rerunOf }),
    },
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
  const { companyId } = create.scope;
  const use = keyUse(create, create.request);
  if (use === undefined) return undefined;
  const used = await claimIdempotencyKey(client, { ...use, jobId });
  if (used === 'new') return undefined;
  if (used === 'conflict') throw usedOtherwise();
  return findExport(client, companyId, used.jobId);
}

/**
 * The job that an Idempotency-Key has already created. Looked up before anything that the request refers to, because
 * a view or template may have been changed or deleted since.
 * @throws Problem IDEMPOTENCY_CONFLICT
 */
export async function findRepeatedExport(
  pool: pg.Pool,
  create: RepeatableExport & { readonly asked: unknown },
): Promise<ExportJob | undefined> {
  const { companyId } = create.scope;
  const use = keyUse(create, undefined);
  if (use === undefined) return undefined;
  return inCompany(pool, companyId, async (client) => {
    const used = await findIdempotencyKey(client, use);
    if (used === 'conflict') throw usedOtherwise();
    return used === 'new' ? undefined : findExport(client, companyId, used.jobId);
  });
}

function keyUse({ scope, actor, idempotencyKey, asked }: RepeatableExport, request: unknown) {
  if (idempotencyKey === undefined) return undefined;
  return {
    companyId: scope.companyId,
    principal: `${actor.type}:${actor.id}`,
    keyHash: sha256(idempotencyKey),
    requestHash: sha256(JSON.stringify(asked ?? request)),
  };
}

function usedOtherwise(): Problem {
  return new Problem(
    'IDEMPOTENCY_CONFLICT',
    'This Idempotency-Key was used in the last 24 hours for a different export.',
  );
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
