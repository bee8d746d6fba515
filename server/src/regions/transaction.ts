import type pg from 'pg';
import { enterPool } from './company-gate.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export type IsolationLevel = 'READ COMMITTED' | 'REPEATABLE READ';

/**
 * The statements that open a transaction for one company. The only place that sets the tenant: SET LOCAL
 * with a validated literal, because set_config() does not travel to the workers of a distributed PostgreSQL.
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
    // Where the connection can, what comes first travels with it. Whether it worked is asked before the COMMIT:
    // after a BEGIN that failed, statements see no company and find nothing.
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
    // A connection that could not even roll back must not go back to the pool.
    client.release(broken);
  }
}

/**
 * Waits for all statements of a transaction that travel together, given in the order they were sent.
 * @throws what the first that failed did: those behind it fail only because the transaction is aborted, and may
 *   be heard of earlier
 */
export async function settlePipelined(statements: readonly Promise<unknown>[]): Promise<void> {
  const failed = (await Promise.allSettled(statements)).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}
