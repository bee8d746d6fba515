import { Socket } from 'node:net';
import pg from 'pg';
import { openPooledReadSocket } from './pooled-read-socket.ts';

/** The PostgreSQL role a process puts on; `owner` is the login itself, for migrations and the launcher. */
export type DatabaseRole = 'owner' | 'api' | 'worker';

interface ConnectOptions {
  readonly role: DatabaseRole;
  /** Most connections of this pool. */
  readonly max?: number;
  /** Statements do not wait for the answers to those before them; COPY cannot be read by such connections. */
  readonly pipeline?: boolean;
  /** Shown in pg_stat_activity. */
  readonly name?: string;
}

// Set in the startup packet, so no connection is ever without them:
// - role: row-level security binds api and worker, whatever the login is
// - client_connection_check_interval: a query of a client that died ends within a second (guarantee 4)
// - jit and random_page_cost: with the defaults the planner sorted 1.4 GB to disk instead of walking an index
const SESSION_SETTINGS = {
  jit: 'off',
  random_page_cost: '1.1',
  timezone: 'UTC',
  client_connection_check_interval: '1000',
  idle_in_transaction_session_timeout: '60000',
} as const;

/**
 * The longest statement of each role, milliseconds, lock waits included; 0: no limit. Reads that people wait for have
 * shorter limits of their own, a COPY of an export its slice's. Migrations and demo data (the owner) may take as long
 * as they need.
 */
export const STATEMENT_TIMEOUT_MS = {
  owner: 0,
  api: 30_000,
  worker: 60_000,
} as const satisfies Record<DatabaseRole, number>;

/** Connection settings for `pg` and for libraries that make their own pool. */
export function connectionConfig(url: string, options: ConnectOptions): pg.PoolConfig {
  const settings = Object.entries({
    ...SESSION_SETTINGS,
    ...(options.role === 'owner' ? {} : { role: `exhibit_${options.role}` }),
    statement_timeout: String(STATEMENT_TIMEOUT_MS[options.role]),
  });
  return {
    connectionString: url,
    options: settings.map(([name, value]) => `-c ${name}=${value}`).join(' '),
    application_name: `exhibit ${options.name ?? options.role}`,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    max: options.max ?? 10,
  };
}

/** A pool whose connections may die without taking the process along. */
export function openPool(url: string, options: ConnectOptions): pg.Pool {
  const pool = new pg.Pool({
    ...connectionConfig(url, options),
    stream: openSocket,
    pipeline: options.pipeline ?? false,
  });
  // A connection that breaks emits 'error', in the pool or checked out; without a listener it would end the process.
  // The user of the connection receives the error from its query, and the pool drops it by itself.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** Given by pg what its connection is to be, which its types do not show. TLS reads the socket below it by itself. */
function openSocket(connection?: { readonly ssl: unknown }): Socket {
  return connection?.ssl ? new Socket() : openPooledReadSocket();
}
