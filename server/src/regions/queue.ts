import { EventEmitter } from 'node:events';
import pg from 'pg';
import { PgBoss } from 'pg-boss';
import { connectionConfig, type DatabaseRole, openPool } from './connect.ts';

export const EXPORT_QUEUE = 'exports';

// pg-boss removes all listeners from its LISTEN connection and then closes it. A later error, such as PostgreSQL's
// shutdown message, ended the process during its graceful stop. No option of pg-boss reaches that connection, and
// only it calls this method.
pg.Client.prototype.removeAllListeners = function (
  this: pg.Client,
  ...events: [event?: string | symbol]
) {
  EventEmitter.prototype.removeAllListeners.apply(this, events);
  return this.on('error', () => undefined);
};

// Measured: with these settings, a job of a worker killed with -9 is redelivered within 10 s.
const EXPORT_QUEUE_OPTIONS = {
  heartbeatSeconds: 10,
  notify: true,
  expireInSeconds: 21_600,
  retryLimit: 3,
} as const;

/** Content of a queue entry; everything else is read from the job row, under row-level security. */
export interface ExportQueueEntry {
  readonly companyId: string;
  readonly jobId: string;
}

/** pg-boss on a regional database. Only a worker supervises it, and only `migrate` changes its schema. */
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

/** Creates or updates pg-boss's schema and the export queue, and grants api and worker access. */
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
