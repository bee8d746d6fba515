import { execute, type Queryable, query, sql } from '../../regions/sql.ts';

interface KeyUse {
  readonly companyId: string;
  /** Whose key: keys of different callers never meet. */
  readonly principal: string;
  readonly keyHash: Buffer;
  readonly requestHash: Buffer;
  readonly jobId: string;
}

/**
 * Binds an Idempotency-Key to this job for 24 hours. Two requests at once: the second waits for the first
 * one's transaction and then sees its job.
 */
export async function claimIdempotencyKey(
  client: Queryable,
  use: KeyUse,
): Promise<'new' | 'conflict' | { jobId: string }> {
  const key = sql`company_id = ${use.companyId} AND principal = ${use.principal} AND key_hash = ${use.keyHash}`;
  await execute(
    client,
    sql`DELETE FROM export_idempotency WHERE ${key} AND created_at < now() - interval '24 hours'`,
  );
  const inserted = await execute(
    client,
    sql`
      INSERT INTO export_idempotency (company_id, principal, key_hash, request_hash, job_id)
      VALUES (${use.companyId}, ${use.principal}, ${use.keyHash}, ${use.requestHash}, ${use.jobId})
      ON CONFLICT DO NOTHING`,
  );
  if (inserted === 1) return 'new';
  const [earlier] = await query(
    client,
    sql<{ job_id: string; same: boolean }>`
      SELECT job_id, request_hash = ${use.requestHash} AS same FROM export_idempotency WHERE ${key}`,
  );
  return earlier?.same === true ? { jobId: earlier.job_id } : 'conflict';
}
