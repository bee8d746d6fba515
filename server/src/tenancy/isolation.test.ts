import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectionConfig, type DatabaseRole, openPool } from '../regions/connect.ts';
import { beginFor, inCompany } from '../regions/transaction.ts';
import { startTestApi } from '../../../testing/test-api.ts';
import {
  createTestRegion,
  type TestCompany,
  type TestRegion,
} from '../../../testing/test-region.ts';

let region: TestRegion;
let mine: TestCompany;
let theirs: TestCompany;
let pools: Record<'api' | 'worker', pg.Pool>;
/** Every table with a company_id column, including partitions. */
let tables: string[];
/** The errors of PostgreSQL for a missing privilege and for a row of another tenant. */
const DENIED = { code: '42501', message: expect.stringMatching(/^permission denied/) as string };
const FOREIGN = { code: '42501', message: expect.stringContaining('row-level security') as string };

beforeAll(async () => {
  region = await createTestRegion();
  [mine, theirs] = [await region.company(), await region.company()];
  pools = {
    api: openPool(region.url, { role: 'api', max: 2 }),
    worker: openPool(region.url, { role: 'worker', max: 2 }),
  };
  await using api = await startTestApi([region.api]);
  for (const company of [mine, theirs]) {
    const key = await region.key(company, { workspaceId: company.workspaceIds[0] });
    const headers = { 'idempotency-key': 'k' };
    for (const timestamp of ['2019-05-14T12:00:00Z', '2026-05-14T12:00:00Z']) {
      const body = { category: 'c', action: 'a', timestamp, idempotencyKey: timestamp };
      await api.request(key, 'POST', '/v1/events', { body });
    }
    await api.request(key, 'POST', '/v1/exports', { body: { format: 'CSV' }, headers });
  }
  await region.owner.query(
    `INSERT INTO event_rollup SELECT company_id, workspace_id, hour, category, action, count FROM event_rollup_deltas`,
  );
  // No route writes to these two tables yet.
  await region.owner.query(
    `INSERT INTO saved_explorer_views (company_id, view_id, name, query, created_by)
       SELECT company_id, company_id, 'v', '{}', 'u' FROM companies;
     INSERT INTO export_templates (company_id, template_id, name, query, format, created_by)
       SELECT company_id, company_id, 't', '{}', 'CSV', 'u' FROM companies`,
  );
  const { rows } = await region.owner.query<{ name: string }>(
    `SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND a.attname = 'company_id'
     ORDER BY 1`,
  );
  tables = rows.map(({ name }) => name);
});

afterAll(async () => {
  await Promise.all([pools?.api.end(), pools?.worker.end()]);
  await region?.[Symbol.asyncDispose]();
});

const count = async (client: pg.Pool | pg.PoolClient, table: string) =>
  (await client.query<{ count: number }>(`SELECT count(*)::int FROM ${table}`)).rows[0]?.count;

/** Whether the role may read at least one column of the table. */
async function mayRead(role: DatabaseRole, table: string): Promise<boolean> {
  const { rows } = await region.owner.query<{ may: boolean }>(
    'SELECT has_table_privilege($1, $2, $3) AS may',
    [`exhibit_${role}`, table, 'SELECT'],
  );
  return rows[0]?.may === true;
}

test('every tenant table and partition has row-level security that is also forced for its owner', async () => {
  expect(tables).toEqual(
    expect.arrayContaining([
      'api_keys',
      'audit_log',
      'events',
      'events_2019',
      'events_2026_05',
      'export_jobs',
    ]),
  );
  const { rows } = await region.owner.query<{ name: string }>(
    `SELECT oid::regclass::text AS name FROM pg_class
     WHERE relrowsecurity AND relforcerowsecurity AND relnamespace = 'public'::regnamespace
       AND EXISTS (SELECT FROM pg_policy WHERE polrelid = pg_class.oid) ORDER BY 1`,
  );
  expect(rows.map(({ name }) => name)).toEqual(tables);
});

test('the roles of the processes own no tables, do not bypass row-level security and cannot log in', async () => {
  const { rows } = await region.owner.query(
    `SELECT rolname, rolsuper OR rolbypassrls OR rolcanlogin OR rolcreaterole OR rolcreatedb AS mighty,
       (SELECT count(*)::int FROM pg_class WHERE relowner = pg_roles.oid) AS owned
     FROM pg_roles WHERE rolname IN ('exhibit_api', 'exhibit_worker') ORDER BY 1`,
  );
  expect(rows).toEqual([
    { rolname: 'exhibit_api', mighty: false, owned: 0 },
    { rolname: 'exhibit_worker', mighty: false, owned: 0 },
  ]);
});

describe.each(['api', 'worker'] as const)('as exhibit_%s', (role) => {
  test('every tenant table appears empty without a tenant', async () => {
    for (const table of tables) {
      expect(await count(region.owner, table), table).toBeGreaterThan(0);
      if (await mayRead(role, table)) expect(await count(pools[role], table), table).toBe(0);
      else await expect(count(pools[role], table), table).rejects.toMatchObject(DENIED);
    }
  });

  test('only rows of the tenant are visible, even to a query for other rows', async () => {
    let seen = 0;
    for (const table of tables) {
      if (!(await mayRead(role, table))) continue;
      await inCompany(pools[role], mine.id, async (client) => {
        const all = await count(client, table);
        expect(all, table).toBe(await count(client, `${table} WHERE company_id = '${mine.id}'`));
        expect(await count(client, `${table} WHERE company_id = '${theirs.id}'`), table).toBe(0);
        seen += all ?? 0;
      });
    }
    expect(seen).toBeGreaterThan(5);
  });

  test('the tenant setting ends with its transaction', async () => {
    const pool = openPool(region.url, { role, max: 1 });
    try {
      await inCompany(pool, mine.id, (client) => count(client, 'events'));
      expect(await count(pool, 'events')).toBe(0);
      await expect(
        inCompany(pool, mine.id, (client) => client.query('SELECT 1/0')),
      ).rejects.toMatchObject({ code: '22012' });
      expect(await count(pool, 'events')).toBe(0);
    } finally {
      await pool.end();
    }
  });

  test('writes into another company are rejected', async () => {
    const audit = (companyId: string) =>
      `INSERT INTO audit_log (company_id, audit_id, action, actor_type, actor_id, actor_label, subject_type, subject_id)
       VALUES ('${companyId}', '${randomUUID()}', 'A', 'system', 'a', 'a', 'export', 'x')`;
    await inCompany(pools[role], mine.id, (client) => client.query(audit(mine.id)));
    await expect(
      inCompany(pools[role], mine.id, (client) => client.query(audit(theirs.id))),
    ).rejects.toMatchObject(FOREIGN);
    await expect(pools[role].query(audit(mine.id))).rejects.toMatchObject(FOREIGN);
    const { rowCount } = await inCompany(pools[role], mine.id, (client) =>
      client.query(`UPDATE export_jobs SET cancel_requested_at = now() WHERE company_id = $1`, [
        theirs.id,
      ]),
    );
    expect(rowCount).toBe(0);
  });

  test.each([
    'UPDATE events SET line = line',
    'DELETE FROM events',
    'TRUNCATE events',
    'UPDATE events_2026_05 SET line = line',
    'DELETE FROM events_2026_05',
    'UPDATE audit_log SET action = action',
    'DELETE FROM audit_log',
    'TRUNCATE audit_log',
    'DELETE FROM event_idempotency',
    'UPDATE event_idempotency SET id = id',
    'DELETE FROM export_jobs',
    'UPDATE export_jobs SET company_id = company_id',
    'UPDATE export_jobs SET filters = filters',
    'UPDATE companies SET name = name',
    'INSERT INTO workspaces (company_id, workspace_id, name) SELECT company_id, company_id, name FROM companies',
    'DROP TABLE events',
    'ALTER TABLE events DISABLE ROW LEVEL SECURITY',
    `SELECT exhibit_protect('events')`,
    'SELECT * FROM exhibit_migrations',
  ])('PostgreSQL rejects %s for a process role', async (statement) => {
    await expect(
      inCompany(pools[role], mine.id, (client) => client.query(statement)),
    ).rejects.toMatchObject({ code: '42501' });
  });
});

describe('exhibit_worker', () => {
  const copyOfAnEvent = `INSERT INTO events SELECT company_id, workspace_id, uuidv7(), seq + 1, "timestamp", project_id, category,
    action, actor_id, actor_email, actor_role, resource_type, resource_id, trace_id, ip_address, user_agent, geo,
    tags, metadata, line, leaf_hash, verbatim, formula_guard FROM events LIMIT 1`;

  test.each([
    copyOfAnEvent,
    'INSERT INTO event_idempotency SELECT * FROM event_idempotency',
    'INSERT INTO export_jobs SELECT * FROM export_jobs',
    'UPDATE workspace_heads SET seq = 0',
    'SELECT secret_hash FROM api_keys',
    `SELECT * FROM exhibit_find_api_key('\\x00')`,
    'SELECT * FROM exhibit_read_outbox(1)',
    `SELECT exhibit_ack_outbox('{}')`,
    `SELECT exhibit_provision_company(gen_random_uuid(), 'n', '{}', '{}')`,
    "SELECT exhibit_live_workers(interval '1 second')",
    'SELECT * FROM saved_explorer_views',
  ])('PostgreSQL rejects %s for exhibit_worker', async (statement) => {
    await expect(
      inCompany(pools.worker, mine.id, (client) => client.query(statement)),
    ).rejects.toMatchObject(DENIED);
  });
});

describe('exhibit_api', () => {
  test.each([
    `UPDATE export_jobs SET artifact_key = 'x'`,
    'UPDATE export_jobs SET lease = 0',
    'UPDATE api_keys SET secret_hash = secret_hash',
    `UPDATE api_keys SET permissions = '{events:read}'`,
    'UPDATE api_keys SET workspace_id = NULL',
    'DELETE FROM api_keys',
    'UPDATE workspace_heads SET company_id = company_id',
    'DELETE FROM event_rollup_deltas',
    "SELECT * FROM exhibit_stranded_exports(interval '0', 10)",
    'SELECT exhibit_companies_to_fold()',
    'SELECT * FROM workers',
    'SELECT * FROM audit_outbox',
    'DELETE FROM audit_outbox',
  ])('PostgreSQL rejects %s for exhibit_api', async (statement) => {
    await expect(
      inCompany(pools.api, mine.id, (client) => client.query(statement)),
    ).rejects.toMatchObject(DENIED);
  });

  test('the api creates event partitions only through its one function', async () => {
    const ensure = (name: string) =>
      pools.api.query('SELECT exhibit_ensure_partition($1, $2, $3)', [
        name,
        '00000000-0000-0000-0000-000000000000',
        '00000000-0000-0000-0000-000000000001',
      ]);
    for (const name of [
      'api_keys',
      'events_20',
      'events_2020"; DROP TABLE events; --',
      'x.events_2020',
    ])
      await expect(ensure(name), name).rejects.toMatchObject({ code: '22023' });
  });
});

test('a tenant that is not a lower-case UUID is rejected before the database', () => {
  for (const companyId of ['', `${randomUUID()}'; --`, mine.id.toUpperCase(), `${mine.id}\n`])
    expect(() => beginFor(companyId)).toThrow(TypeError);
});

test('every connection of a process has its role', async () => {
  expect(connectionConfig(region.url, { role: 'api' }).options).toContain('-c role=exhibit_api');
  const { rows } = await pools.api.query('SELECT current_user::text AS name');
  expect(rows).toEqual([{ name: 'exhibit_api' }]);
});
