import { createHash } from 'node:crypto';
import type pg from 'pg';
import { Problem } from '../../errors.ts';
import { inCompany } from '../../regions/transaction.ts';
import type { Actor } from '../../tenancy/audit-log.ts';
import type { Scope } from '../../tenancy/scope.ts';
import type { ExportJob } from '../export-job.ts';
import { claimIdempotencyKey, findIdempotencyKey } from './sql/claim-idempotency-key.ts';
import { findExport } from './sql/find-export.ts';

/** An Idempotency-Key and its owner. */
export interface RepeatableExport {
  readonly scope: Scope;
  readonly actor: Actor;
  readonly idempotencyKey: string | undefined;
  /** Content that a replay must equal; default: the request. */
  readonly asked?: unknown;
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

/**
 * Claims the Idempotency-Key of a request for this job, in the transaction that creates the job.
 * @returns the job that an earlier request with the same key and content created; undefined if there is none
 * @throws Problem IDEMPOTENCY_CONFLICT if the key was used for other content
 */
export async function claimReplay(
  client: pg.PoolClient,
  create: RepeatableExport & { readonly request: unknown },
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

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
