import type pg from 'pg';
import { enterPool } from './company-gate.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export type IsolationLevel = 'READ COMMITTED' | 'REPEATABLE READ';

/**
 * The statements that open a transaction for one company. The only place that sets the tenant: SET LOCAL with a
 * validated literal, because set_config() is not propagated to the workers of a distributed PostgreSQL.
 */
export function beginFor(companyId: string, isolation: IsolationLevel = 'READ COMMITTED'): string {
  if (!UUID.test(companyId)) throw new TypeError('companyId is not a lower-case UUID');
  return `BEGIN ISOLATION LEVEL ${isolation}; SET LOCAL exhibit.company_id = '${companyId}'`;
}

/** Runs `work` in one transaction of one company; row-level security shows it that company only. */
export async function inCompany<Result>(
  pool: pg.Pool,
  companyId: string,
  work: (client: pg.PoolClient) => Promise<Result>,
  isolation?: IsolationLevel,
): Promise<Result> {
  const begin = beginFor(companyId, isolation);
  const leave = await enterPool(pool, companyId);
  try {
    return await onConnection(pool, begin, work);
  } finally {
    leave();
  }
}

async function onConnection<Result>(
  pool: pg.Pool,
  begin: string,
  work: (client: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    const begun = client.query(begin);
    // If the connection pipelines, BEGIN is sent together with the first statements. Its result is checked before the
    // COMMIT: after a failed BEGIN, statements see no company and find nothing.
    if (client.pipeline) begun.catch(() => undefined);
    else await begun;
    const result = await work(client);
    await begun;
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((rollbackError: unknown) => {
      broken = rollbackError instanceof Error ? rollbackError : new Error(String(rollbackError));
    });
    throw error;
  } finally {
    // A connection that failed to roll back must not return to the pool.
    client.release(broken);
  }
}

/**
 * Waits for all pipelined statements of a transaction, given in the order in which they were sent. @throws the error
 * of the first failed statement: later ones fail only because the transaction is aborted, and their errors may arrive
 * earlier
 */
export async function settlePipelined(statements: readonly Promise<unknown>[]): Promise<void> {
  const failed = (await Promise.allSettled(statements)).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}
