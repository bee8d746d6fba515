import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTokenKeys } from '../../../server/src/tenancy/token-keys.ts';
import {
  startExportWorker,
  type ExportWorker,
} from '../../../server/src/exports/run/export-worker.ts';
import { startTestApi, type TestApi } from '../../../testing/test-api.ts';
import { createTestRegion, type TestRegion } from '../../../testing/test-region.ts';
import { startDashboard } from '../start-dashboard.ts';
import {
  createDashboardDatabase,
  evidenceOf,
  signIn,
  Browser,
  PASSWORD,
  type TestDashboardDatabase,
} from '../testing/test-dashboard.ts';
import { patient } from '../../../testing/patience.ts';

let region: TestRegion;
let db: TestDashboardDatabase;
let api: TestApi;
let worker: ExportWorker;
let dashboard: Awaited<ReturnType<typeof startDashboard>>;

beforeAll(async () => {
  region = await createTestRegion();
  db = await createDashboardDatabase();
  api = await startTestApi([region.api], { exportMaxRows: 1_000 }, openTokenKeys(db.tokenKeys));
  worker = await startExportWorker(region.worker());
  dashboard = await startDashboard(db.options(api.url));
});
afterAll(async () => {
  await dashboard.stop();
  await worker.stop();
  await api[Symbol.asyncDispose]();
  await db[Symbol.asyncDispose]();
  await region[Symbol.asyncDispose]();
});

test('with the real api, a new owner can view, export, download and rerun, and evidence records that and an export of an API key', async () => {
  const owner = new Browser(dashboard.url);
  await owner.json('POST', '/api/auth/sign-up/email', {
    email: 'owner@round.test',
    password: PASSWORD,
    name: 'Owner',
    companyName: 'Round',
    region: 'us',
  });
  const me = await owner.json('GET', '/api/me');
  const [workspace] = me['workspaces'] as [{ id: string; state: string }];
  expect(workspace.state).toBe('ready');
  const { id: companyId } = me['company'] as { id: string };
  const key = await region.key({ id: companyId, workspaceIds: [workspace.id] });
  const body = { workspaceId: workspace.id, category: 'auth', action: 'login' };
  expect((await api.request(key, 'POST', '/v1/events', { body })).status).toBe(201);

  const events = await owner.json('GET', '/api/dashboard/events');
  expect(events).toMatchObject({ total: 1, data: [{ action: 'login' }] });
  const view = await owner.json('POST', '/api/dashboard/explorer/views', {
    name: 'Mine',
    query: { version: 1, actions: ['login'] },
  });
  const job = await owner.json('POST', '/api/dashboard/exports', {
    format: 'JSONL',
    savedExplorerViewId: view['id'],
    purpose: 'AUD-142',
  });
  const path = `/api/dashboard/exports/${String(job['jobId'])}`;
  await expect
    .poll(async () => (await owner.json('GET', path))['status'], { timeout: patient(20_000) })
    .toBe('succeeded');
  const file = await owner.send('GET', `/api/exports/${String(job['jobId'])}/download`);
  expect(JSON.parse(await file.text())).toMatchObject({ action: 'login', companyId });
  const rerun = await owner.json('POST', `${path}/rerun`);
  expect(rerun).toMatchObject({ rerunOf: job['jobId'] });
  const made = await api.request(key, 'POST', '/v1/exports', { body: { format: 'CSV' } });
  const { jobId: keysJob } = (await made.json()) as { jobId: string };

  await expect
    .poll(async () => (await evidenceOf(owner, `&jobId=${keysJob}`)).length, {
      timeout: patient(10_000),
    })
    .toBe(1);
  expect(
    (await evidenceOf(owner)).map(({ type, jobId, outcome }) => [type, jobId, outcome]),
  ).toEqual([
    ['COMPANY_CREATED', null, 'SUCCEEDED'],
    ['SAVED_VIEW_CREATED', null, 'SUCCEEDED'],
    ['EXPORT_REQUESTED', job['jobId'], 'SUCCEEDED'],
    ['EXPORT_DOWNLOAD_STARTED', job['jobId'], 'SUCCEEDED'],
    ['EXPORT_DOWNLOAD_COMPLETED', job['jobId'], 'SUCCEEDED'],
    ['EXPORT_RERUN', rerun['jobId'], 'SUCCEEDED'],
    ['EXPORT_REQUESTED', keysJob, 'SUCCEEDED'],
  ]);
  // A rerun is recorded with workspaces and purpose too, although its request contains neither.
  expect(await evidenceOf(owner, '&type=EXPORT_REQUESTED&type=EXPORT_RERUN')).toMatchObject([
    { details: { workspaceIds: [workspace.id], purpose: 'AUD-142' } },
    { details: { workspaceIds: [workspace.id], purpose: 'AUD-142' } },
    { details: { workspaceIds: [workspace.id] } },
  ]);
  const again = await signIn(dashboard.url, 'owner@round.test');
  expect(await again.json('GET', '/api/dashboard/exports?format=JSONL')).toMatchObject({
    data: [{}, {}],
  });
});

test('repeating an intent under its ID creates no second job at the real api', async () => {
  const owner = await signIn(dashboard.url, 'owner@round.test');
  const before = ((await owner.json('GET', '/api/dashboard/exports'))['data'] as unknown[]).length;
  const { rows } = await db.pool.query<{ id: string; jobId: string; companyId: string }>(
    `SELECT e.evidence_id AS id, e.job_id AS "jobId", e.company_id AS "companyId" FROM evidence e
      WHERE e.action::text = 'EXPORT_REQUESTED' AND e.settles IS NULL AND e.actor_type = 'user'`,
  );
  const [intent] = rows;
  // As if the process had died after the call: the intent is open again, and the job exists.
  await db.pool.query(
    `INSERT INTO open_intents (company_id, evidence_id, process_id, at, call)
     VALUES ($1, $2, gen_random_uuid(), now() - interval '1 minute', $3)`,
    [
      intent?.companyId,
      intent?.id,
      JSON.stringify({ method: 'POST', path: '/dashboard/exports', body: '{"format":"JSONL"}' }),
    ],
  );
  const open = () => db.pool.query('SELECT FROM open_intents').then(({ rowCount }) => rowCount);
  await expect.poll(open, { timeout: patient(10_000) }).toBe(0);
  expect(((await owner.json('GET', '/api/dashboard/exports'))['data'] as unknown[]).length).toBe(
    before,
  );
  expect(
    await evidenceOf(owner, `&jobId=${intent?.jobId ?? ''}&type=EXPORT_REQUESTED`),
  ).toHaveLength(1);
});
