import pg from 'pg';

export type Queryable = Pick<pg.Pool | pg.PoolClient, 'query'>;

// bigint columns hold counts and byte offsets, far below 2^53. Fail instead of losing digits silently.
pg.types.setTypeParser(pg.types.builtins.INT8, (text) => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} does not fit a number`);
  return value;
});

/**
 * Opens connections to the dashboard database with the role exhibit_dashboard, which cannot change or delete evidence.
 * A broken connection does not end the process.
 */
export function openPool(url: string): pg.Pool {
  const settings = {
    role: 'exhibit_dashboard',
    timezone: 'UTC',
    statement_timeout: '15000',
    idle_in_transaction_session_timeout: '60000',
  };
  const pool = new pg.Pool({
    connectionString: url,
    options: Object.entries(settings)
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
    application_name: 'exhibit dashboard',
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    max: 10,
  });
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** Runs `work` in one transaction. */
export async function inTransaction<Result>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((rollbackError: unknown) => {
      broken = rollbackError instanceof Error ? rollbackError : new Error(String(rollbackError));
    });
    throw error;
  } finally {
    // A connection whose rollback failed must not return to the pool.
    client.release(broken);
  }
}

const SYSTEM_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EPIPE',
  'EHOSTUNREACH',
]);
// Connection exceptions; too many connections, disk or memory full; shutting down or starting up; unknown database;
// unknown login; a query that exceeded its time limit.
const SQLSTATES = /^(?:08|53|57P|57014|3D000|28)/;

/** True if an error means that PostgreSQL cannot be reached or does not accept work now. */
export function isConnectionError(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isConnectionError);
  if (!(error instanceof Error)) return false;
  const code = errorCode(error);
  if (code !== undefined) return SYSTEM_CODES.has(code) || SQLSTATES.test(code);
  // pg reports these without a code.
  return /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/.test(
    error.message,
  );
}

/** The code of a system error (`ENOENT`) or a PostgreSQL error (its SQLSTATE). */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

export const UNIQUE_VIOLATION = '23505';
