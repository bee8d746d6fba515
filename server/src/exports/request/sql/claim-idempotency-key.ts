import { execute, type Queryable, query, sql } from '../../../regions/sql.ts';

interface KeyOfCaller {
  readonly companyId: string;
  /** Owner of the key: keys of different callers are independent. */
  readonly principal: string;
  readonly keyHash: Buffer;
  readonly requestHash: Buffer;
}

interface KeyUse extends KeyOfCaller {
  readonly jobId: string;
}

type KeyAnswer = 'new' | 'conflict' | { jobId: string };

/**
 * Binds an Idempotency-Key to this job for 24 hours. Of two concurrent requests, the second waits for the transaction
 * of the first and then sees its job.
 */
export async function claimIdempotencyKey(client: Queryable, use: KeyUse): Promise<KeyAnswer> {
  const key = keyOf(use);
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
  return findIdempotencyKey(client, use);
}

/** The use of this Idempotency-Key in the last 24 hours. */
export async function findIdempotencyKey(client: Queryable, use: KeyOfCaller): Promise<KeyAnswer> {
  const [earlier] = await query(
    client,
    sql<{ job_id: string; same: boolean }>`
      SELECT job_id, request_hash = ${use.requestHash} AS same FROM export_idempotency
      WHERE ${keyOf(use)} AND created_at >= now() - interval '24 hours'`,
  );
  if (earlier === undefined) return 'new';
  return earlier.same ? { jobId: earlier.job_id } : 'conflict';
}

function keyOf({ companyId, principal, keyHash }: KeyOfCaller) {
  return sql`company_id = ${companyId} AND principal = ${principal} AND key_hash = ${keyHash}`;
}
