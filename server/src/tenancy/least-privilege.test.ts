import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPool as openDashboardPool } from '../../../dashboard/bff/database.ts';
import { EventIntake } from '../events/ingest/event-intake.ts';
import { openPool } from '../regions/connect.ts';
import { migrateDatabase } from '../regions/migrate.ts';
import { openQueue } from '../regions/queue.ts';
import { startTestApi } from '../../../testing/test-api.ts';
import { createTestDatabase, type TestDatabase } from '../../../testing/test-database.ts';
import { createTestRegion, type TestRegion } from '../../../testing/test-region.ts';

const ROLES = ['api', 'worker', 'dashboard'] as const;
type Role = (typeof ROLES)[number];

let region: TestRegion;
let dashboardDatabase: TestDatabase;
/** The connections of the processes, and logins that may only assume the role of one process. */
let pools: Record<Role, pg.Pool>;
let logins: Record<Role, pg.Pool>;
let loginUrls: Record<Role, string>;
let superuser: pg.Pool;
const made: string[] = [];

beforeAll(async () => {
  [region, dashboardDatabase] = await Promise.all([
    createTestRegion(),
    createTestDatabase({ template: 'template1' }),
  ]);
  await migrateDatabase(dashboardDatabase.url, 'dashboard');
  superuser = new pg.Pool({ connectionString: dashboardDatabase.superuserUrl, max: 1 });
  loginUrls = {
    api: await login('exhibit_api', region.url),
    worker: await login('exhibit_worker', region.url),
    dashboard: await login('exhibit_dashboard', dashboardDatabase.url),
  };
  pools = {
    api: openPool(region.url, { role: 'api', max: 1 }),
    worker: openPool(region.url, { role: 'worker', max: 1 }),
    dashboard: openDashboardPool(dashboardDatabase.url),
  };
  logins = {
    api: openPool(loginUrls.api, { role: 'api', max: 1 }),
    worker: openPool(loginUrls.worker, { role: 'worker', max: 1 }),
    dashboard: openDashboardPool(loginUrls.dashboard),
  };
});

afterAll(async () => {
  const all = [...Object.values(pools ?? {}), ...Object.values(logins ?? {})];
  await Promise.all(all.map((pool) => pool.end()));
  for (const name of made) await superuser.query(`DROP ROLE ${name}`);
  await superuser?.end();
  await dashboardDatabase?.drop();
  await region?.[Symbol.asyncDispose]();
});

/** Creates a login with least privilege, as described in docs/operations/deployment.md. */
async function login(role: string, url: string): Promise<string> {
  const name = `least_${randomBytes(6).toString('hex')}`;
  const password = randomBytes(12).toString('hex');
  await superuser.query(`CREATE ROLE ${name} LOGIN NOINHERIT PASSWORD '${password}'`);
  await superuser.query(`GRANT ${role} TO ${name}`);
  made.push(name);
  const changed = new URL(url);
  changed.username = name;
  changed.password = password;
  return changed.href;
}

/** The errors of PostgreSQL for a missing privilege. */
const DENIED = { code: '42501' };

/** Statements that no process needs: changing the schema or roles, access to the server's files and programs. */
const NEVER_NEEDED = [
  'CREATE TABLE mine (a int)',
  'CREATE SCHEMA mine',
  'CREATE EXTENSION dblink',
  'CREATE ROLE mine',
  'CREATE DATABASE mine',
  `CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'`,
  'CREATE VIEW mine AS SELECT 1',
  'CREATE PUBLICATION mine FOR ALL TABLES',
  "CREATE TABLESPACE mine LOCATION '/tmp'",
  'ALTER ROLE exhibit_api SUPERUSER',
  'ALTER ROLE exhibit_worker BYPASSRLS',
  "ALTER SYSTEM SET log_statement = 'all'",
  'ALTER DATABASE postgres SET jit = off',
  `COPY (SELECT 1) TO PROGRAM 'id'`,
  `CREATE TEMP TABLE t (a text); COPY t FROM PROGRAM 'id'`,
  `COPY (SELECT 1) TO '/tmp/exhibit-must-not-be-here'`,
  `SELECT pg_read_file('postgresql.conf')`,
  `SELECT pg_read_binary_file('/etc/passwd')`,
  `SELECT * FROM pg_ls_dir('.')`,
  `SELECT * FROM pg_stat_file('postgresql.conf')`,
  `SELECT lo_import('/etc/passwd')`,
  `SELECT lo_export(1, '/tmp/exhibit-must-not-be-here')`,
  'SELECT * FROM pg_authid',
  'SELECT * FROM pg_shadow',
  'SELECT * FROM pg_hba_file_rules',
  'SELECT pg_reload_conf()',
  'SELECT pg_rotate_logfile()',
  'SET session_replication_role = replica',
  'SELECT * FROM exhibit_migrations',
] as const;

/** Statements that only another process of the product needs. */
const OTHERS: Record<Role, readonly string[]> = {
  api: [
    'SELECT * FROM event_rollup_deltas WHERE false; DELETE FROM event_rollup_deltas',
    'DELETE FROM events',
    'UPDATE events SET line = line',
    'TRUNCATE events',
    'DELETE FROM audit_log',
    'UPDATE audit_log SET details = details',
    'DELETE FROM export_jobs',
    'UPDATE export_jobs SET sha256 = sha256',
    'UPDATE pgboss.job SET data = data',
    'DELETE FROM pgboss.job',
    'DROP TABLE pgboss.job',
    'INSERT INTO companies SELECT * FROM companies',
    'SELECT * FROM chores',
    'SELECT * FROM workers',
  ],
  worker: [
    'INSERT INTO events SELECT * FROM events',
    'DELETE FROM events',
    'UPDATE events SET line = line',
    'TRUNCATE events',
    'DELETE FROM audit_log',
    'UPDATE audit_log SET details = details',
    'INSERT INTO export_jobs SELECT * FROM export_jobs',
    'DELETE FROM export_jobs',
    'SELECT * FROM api_keys',
    'SELECT * FROM export_idempotency',
    'SELECT * FROM event_idempotency',
    'SELECT * FROM export_templates',
    'SELECT * FROM audit_outbox',
    'DROP TABLE pgboss.job',
  ],
  dashboard: [
    'UPDATE evidence SET details = details',
    'DELETE FROM evidence',
    'TRUNCATE evidence',
    'TRUNCATE "user"',
    'DELETE FROM companies',
    'DELETE FROM workspaces',
    'UPDATE companies SET region = region',
    'UPDATE workspaces SET company_id = company_id',
    'UPDATE invitations SET secret_hash = secret_hash',
    'UPDATE invitations SET email = email',
    'ALTER TABLE evidence OWNER TO exhibit_dashboard',
  ],
};

describe.each(ROLES)('exhibit_%s', (role) => {
  test.each([...NEVER_NEEDED, ...OTHERS[role]])(
    'the role of a process may not run %s',
    async (statement) => {
      await expect(pools[role].query(statement)).rejects.toMatchObject(DENIED);
    },
  );

  test('a least-privilege login cannot assume another role', async () => {
    for (const other of [
      'exhibit_api',
      'exhibit_worker',
      'exhibit_dashboard',
      'exhibit',
      'postgres',
    ])
      if (other !== `exhibit_${role}`) {
        await expect(logins[role].query(`SET ROLE ${other}`), other).rejects.toMatchObject({
          code: expect.stringMatching(/^(?:42501|22023)$/),
        });
      }
    await expect(logins[role].query('SET SESSION AUTHORIZATION exhibit')).rejects.toMatchObject(
      DENIED,
    );
  });

  test('a least-privilege login has no privileges without its role', async () => {
    const table = role === 'dashboard' ? 'evidence' : 'events';
    await logins[role].query(`SELECT FROM ${table} LIMIT 1`);
    const client = await logins[role].connect();
    try {
      await client.query('SET ROLE NONE');
      await expect(client.query(`SELECT FROM ${table} LIMIT 1`)).rejects.toMatchObject(DENIED);
      await client.query('RESET ROLE');
      const { rows } = await client.query('SELECT current_user::text AS name');
      expect(rows).toEqual([{ name: `exhibit_${role}` }]);
    } finally {
      client.release();
    }
  });
});

test('every SECURITY DEFINER function sets its search path and is callable only by the roles that need it', async () => {
  const { rows } = await region.owner.query<{ name: string; path: string; callers: string[] }>(
    `SELECT p.proname AS name, array_to_string(p.proconfig, ',') AS path,
            ARRAY(SELECT coalesce(r.rolname, 'PUBLIC') FROM aclexplode(p.proacl) a
                    LEFT JOIN pg_roles r ON r.oid = a.grantee
                   WHERE a.grantee <> p.proowner ORDER BY 1)::text[] AS callers
       FROM pg_proc p WHERE p.prosecdef AND p.pronamespace = 'public'::regnamespace ORDER BY 1`,
  );
  expect(rows.length).toBeGreaterThan(5);
  for (const { name, path, callers } of rows) {
    expect(path, name).toBe('search_path=pg_catalog, public, pg_temp');
    expect(callers, name).toHaveLength(1);
    expect(['exhibit_api', 'exhibit_worker'], name).toContain(callers[0]);
  }
});

test('an api whose login may only assume exhibit_api stores events and starts exports', async () => {
  const pool = openPool(loginUrls.api, { role: 'api', max: 2, pipeline: true });
  const queue = openQueue(loginUrls.api, 'api');
  queue.on('error', () => undefined);
  try {
    const intake = new EventIntake(pool);
    await using api = await startTestApi([{ ...region.api, pool, reads: pool, queue, intake }]);
    const company = await region.company();
    const key = await region.key(company, { workspaceId: company.workspaceIds[0] });
    const event = { category: 'c', action: 'a', timestamp: '2011-05-14T12:00:00Z' };
    const stored = await api.request(key, 'POST', '/v1/events', { body: event });
    expect(stored.status).toBe(201);
    const job = await api.request(key, 'POST', '/v1/exports', { body: { format: 'CSV' } });
    expect(job.status).toBe(201);
  } finally {
    await queue.stop({ graceful: false });
    await pool.end();
  }
});
