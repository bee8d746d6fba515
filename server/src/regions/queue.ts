import { EventEmitter } from 'node:events';
import pg from 'pg';
import { PgBoss } from 'pg-boss';
import { connectionConfig, type DatabaseRole, openPool } from './connect.ts';

export const EXPORT_QUEUE = 'exports';

// pg-boss takes every listener off its LISTEN connection and then closes it. An error that came after that, such
// as PostgreSQL saying that it shuts down too, ended the process in the middle of its graceful stop. Nothing of
// pg-boss's options reaches that connection, and only it calls this method.
pg.Client.prototype.removeAllListeners = function (
  this: pg.Client,
  ...events: [event?: string | symbol]
) {
  EventEmitter.prototype.removeAllListeners.apply(this, events);
  return this.on('error', () => undefined);
};

// Measured: with these a job of a worker killed with -9 is handed out again in 10 s.
const EXPORT_QUEUE_OPTIONS = {
  heartbeatSeconds: 10,
  notify: true,
  expireInSeconds: 21_600,
  retryLimit: 3,
} as const;

/** What a queue entry says; everything else is read from the job row, under row-level security. */
export interface ExportQueueEntry {
  readonly companyId: string;
  readonly jobId: string;
}

/** pg-boss on a regional database. Only a worker supervises; nobody but `migrate` changes its schema. */
export function openQueue(url: string, role: DatabaseRole): PgBoss {
  const supervise = role === 'worker';
  const { connectionString, ...connection } = connectionConfig(url, {
    role,
    max: 4,
    name: `${role} queue`,
  });
  return new PgBoss({
    ...(connectionString === undefined ? {} : { connectionString }),
    options: connection.options ?? '',
    application_name: connection.application_name ?? '',
    max: 4,
    migrate: role === 'owner',
    createSchema: role === 'owner',
    schedule: false,
    supervise,
    reindex: false,
    registerInstance: supervise,
    useListenNotify: supervise,
    superviseIntervalSeconds: 1,
  });
}

/** Makes or updates pg-boss's own schema and the export queue, and lets api and worker use them. */
export async function ensureQueueSchema(url: string): Promise<void> {
  const boss = openQueue(url, 'owner');
  await boss.start();
  try {
    await boss.createQueue(EXPORT_QUEUE, EXPORT_QUEUE_OPTIONS);
  } finally {
    await boss.stop({ graceful: false });
  }
  const pool = openPool(url, { role: 'owner', max: 1, name: 'migrate' });
  try {
    await pool.query(`
      GRANT USAGE ON SCHEMA pgboss TO exhibit_api, exhibit_worker;
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA pgboss TO exhibit_worker;
      GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA pgboss TO exhibit_api;
      GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA pgboss TO exhibit_api, exhibit_worker`);
  } finally {
    await pool.end();
  }
}
