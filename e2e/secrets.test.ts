import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  Browser,
  createDashboardDatabase,
  PASSWORD,
  type TestDashboardDatabase,
} from '../dashboard/bff/testing/test-dashboard.ts';
import { generateApiKey } from '../server/src/tenancy/api-key.ts';
import { createTestRegion, type TestRegion } from '../testing/test-region.ts';
import { freePort } from './faults/free-port.ts';
import { patient } from '../testing/patience.ts';

const PROGRAM = new URL('../exhibit/bin/exhibit.js', import.meta.url);

let region: TestRegion;
let dashboardDatabase: TestDashboardDatabase;
const children: ChildProcess[] = [];
/** The complete logs of api, worker and dashboard at the most verbose level. */
let logs = '';

beforeAll(async () => {
  [region, dashboardDatabase] = await Promise.all([createTestRegion(), createDashboardDatabase()]);
});

afterAll(async () => {
  await Promise.all(children.map(stop));
  await dashboardDatabase?.[Symbol.asyncDispose]();
  await region?.[Symbol.asyncDispose]();
});

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}

async function start(name: string, env: Readonly<Record<string, string>>): Promise<void> {
  const child = fork(PROGRAM, [name], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  children.push(child);
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (logs += chunk.toString('utf8')));
  const [ready] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as [unknown];
  expect(ready, `${name} did not start:\n${logs}`).toHaveProperty('ready');
}

/** Every row of every table of the region and dashboard databases, as text. */
async function everyRow(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      `SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname IN ('public', 'pgboss')`,
    );
    expect(tables.length).toBeGreaterThan(5);
    const texts: string[] = [];
    for (const { name } of tables) {
      const { rows } = await client.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`);
      texts.push(...rows.map(({ row }) => `${name} ${row}`));
    }
    return texts.join('\n');
  } finally {
    await client.end();
  }
}

test(
  'logs, errors, audit rows and evidence contain no key, password, session, token or link',
  async () => {
    const [apiPort, dashboardPort] = [await freePort(), await freePort()];
    const environment = {
      REGION_DATABASE_URLS: `us=${region.url}`,
      DASHBOARD_DATABASE_URL: dashboardDatabase.database.url,
      DASHBOARD_TOKEN_KEYS: dashboardDatabase.tokenKeys,
      ARTIFACT_STORES: `us=${region.storeUrl}`,
      API_PORT: String(apiPort),
      DASHBOARD_PORT: String(dashboardPort),
      LOG_LEVEL: 'trace',
    };
    await Promise.all(['api', 'worker', 'dashboard'].map((name) => start(name, environment)));
    const apiUrl = `http://127.0.0.1:${apiPort}`;
    const url = `http://127.0.0.1:${dashboardPort}`;

    const secrets = new Map<string, string>([['the first password', PASSWORD]]);
    const keep = (what: string, secret: string) => {
      expect(secret.length, what).toBeGreaterThan(15);
      secrets.set(what, secret);
      return secret;
    };
    const { keys } = JSON.parse(dashboardDatabase.tokenKeys) as { keys: [{ d: string }] };
    keep('the signing key', keys[0].d);
    /** Responses that must not contain secrets: all except those that show a secret once. */
    let answers = '';
    const read = async (answer: Response | Promise<Response>) => {
      const text = await (await answer).text();
      answers += `${text}\n`;
      return text;
    };

    const owner = new Browser(url);
    await read(
      owner.send('POST', '/api/auth/sign-up/email', {
        email: 'owner@secrets.test',
        password: PASSWORD,
        name: 'Owner',
        companyName: 'Secrets',
        region: 'us',
      }),
    );
    keep('the session', decodeURIComponent(owner.cookie).split('=')[1]?.split('.')[0] ?? '');
    const me = await owner.json('GET', '/api/me');
    const [workspace] = me['workspaces'] as [{ id: string }];
    const wrong = keep('a wrong password', 'not-the-password-4711');
    const signIn = { email: 'owner@secrets.test', password: wrong };
    await read(new Browser(url).send('POST', '/api/auth/sign-in/email', signIn));
    await read(new Browser(url).send('POST', '/api/auth/sign-in/email', `{"password":"${wrong}",`));
    await read(
      new Browser(url).send('POST', '/api/auth/sign-in/email', { password: wrong, email: 1 }),
    );
    const changed = keep('the new password', 'another-long-password-4712');
    await read(
      owner.send('POST', '/api/auth/change-password', {
        currentPassword: PASSWORD,
        newPassword: changed,
      }),
    );
    keep('the second session', decodeURIComponent(owner.cookie).split('=')[1]?.split('.')[0] ?? '');

    const created = await owner.json('POST', '/api/dashboard/api-keys', {
      name: 'CI',
      permissions: ['events:write', 'events:read', 'exports:write', 'exports:read'],
    });
    const key = keep('an API key', String(created['key']));
    await read(owner.send('GET', '/api/dashboard/api-keys'));
    const invited = await owner.json('POST', '/api/invitations', {
      email: 'member@secrets.test',
      role: 'MEMBER',
      workspaceIds: [workspace.id],
    });
    const secret = keep('an invitation', String(invited['url']).split('#')[1] ?? '');
    await read(owner.send('GET', '/api/invitations'));
    const guest = new Browser(url);
    await read(guest.send('POST', '/api/invitations/look', { secret }));
    await read(
      guest.send('POST', '/api/invitations/accept', {
        secret,
        name: 'Member',
        password: keep('the member’s password', 'member-long-password-4713'),
      }),
    );
    await read(
      guest.send('POST', '/api/invitations/accept', { secret, name: 'x', password: changed }),
    );

    const ask = (token: string, method: string, path: string, body?: string) =>
      fetch(apiUrl + path, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body }),
      });
    await read(ask(keep('a bad key', generateApiKey('us')), 'GET', '/v1/events'));
    await read(ask(`${key}x`, 'GET', '/v1/events'));
    await read(ask(key, 'POST', '/v1/events', `{"key":"${key}"`));
    await read(ask(key, 'GET', '/v1/keys/status'));
    const event = JSON.stringify({ workspaceId: workspace.id, category: 'c', action: 'a' });
    await read(ask(key, 'POST', '/v1/events', event));
    const job = JSON.parse(await read(ask(key, 'POST', '/v1/exports', '{"format":"CSV"}'))) as {
      jobId: string;
    };
    const download = () => ask(key, 'GET', `/v1/exports/${job.jobId}/download`);
    await expect
      .poll(async () => (await download()).status, { timeout: patient(20_000) })
      .toBe(200);
    await read(owner.send('GET', `/api/exports/${job.jobId}/download`));

    // Cause internal errors, which are logged with all details.
    await region.owner.query('ALTER TABLE export_jobs RENAME COLUMN purpose TO gone');
    for (const failed of [
      ask(key, 'GET', '/v1/exports'),
      ask(key, 'POST', '/v1/exports', '{"format":"CSV"}'),
      owner.send('GET', '/api/dashboard/exports'),
    ]) {
      expect((await failed).status).toBeGreaterThanOrEqual(500);
      await read(failed);
    }
    await region.owner.query('ALTER TABLE export_jobs RENAME COLUMN gone TO purpose');
    const evidence = async () => read(owner.send('GET', '/api/evidence'));
    await expect
      .poll(evidence, { timeout: patient(20_000) })
      .toContain('EXPORT_DOWNLOAD_COMPLETED');

    const stored = await everyRow(region.url);
    const dashboardRows = (await everyRow(dashboardDatabase.database.url))
      .split('\n')
      // Sessions are stored in plain text in this table, as docs/evidence/security.md explains.
      .filter((row) => !row.startsWith('session '))
      .join('\n');
    expect(logs).toContain('request failed');
    expect(stored).toContain('EXPORT_REQUESTED');
    expect(dashboardRows).toContain('MEMBER_JOINED');
    for (const [what, text] of secrets) {
      for (const [where, told] of Object.entries({ logs, answers, stored, dashboardRows }))
        expect(told.includes(text), `${what} is in the ${where}`).toBe(false);
    }
    // Signed tokens between dashboard and api, which are never visible to callers.
    for (const told of [logs, answers, stored, dashboardRows])
      expect(told).not.toMatch(/eyJ[\w-]{10,}\.eyJ[\w-]{10,}\./);
  },
  patient(120_000),
);
