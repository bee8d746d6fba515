import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDashboard } from '../start-dashboard.ts';
import { type FakeApi, json, problem, startFakeApi } from '../testing/fake-api.ts';
import {
  type Browser,
  createDashboardDatabase,
  evidenceOf,
  signIn,
  type TestCompany,
  type TestDashboardDatabase,
} from '../testing/test-dashboard.ts';
import { patient } from '../../../testing/patience.ts';

let db: TestDashboardDatabase;
let api: FakeApi;
let dashboard: Awaited<ReturnType<typeof startDashboard>>;
let company: TestCompany;
let owner: Browser;

beforeAll(async () => {
  db = await createDashboardDatabase();
  api = await startFakeApi();
  dashboard = await startDashboard(db.options(api.url));
  company = await db.company();
  owner = await signIn(dashboard.url, company.email('OWNER'));
});
afterAll(async () => {
  await dashboard.stop();
  await api[Symbol.asyncDispose]();
  await db[Symbol.asyncDispose]();
});

const rowsOf = async (jobId: string) =>
  (await evidenceOf(owner, '&type=EXPORT_FILE_DELETED')).filter((row) => row['jobId'] === jobId);

test('deleting the file of an export is recorded before the api receives the request', async () => {
  const jobId = randomUUID();
  const { id: companyId, workspaceIds } = company;
  const job = {
    jobId,
    companyId,
    workspaceIds,
    status: 'succeeded',
    format: 'CSV',
    filters: { version: 1 },
    bytes: 10,
    sha256: 'ab',
    requestedBy: { type: 'user', id: 'someone', label: 'someone' },
    artifactDeletedAt: '2026-11-30T10:00:00.000Z',
  };
  let recorded: Record<string, unknown>[] = [];
  api.on(`DELETE /dashboard/exports/${jobId}/artifact`, async (response, request) => {
    recorded = await rowsOf(jobId);
    await json(200, job)(response, request);
  });
  const answer = await owner.json('DELETE', `/api/dashboard/exports/${jobId}/artifact`);
  expect(answer).toMatchObject({ jobId, artifactDeletedAt: job.artifactDeletedAt });
  expect(recorded).toMatchObject([{ outcome: 'PENDING' }]);
  expect(await rowsOf(jobId)).toMatchObject([
    { outcome: 'SUCCEEDED', user: { label: company.email('OWNER') } },
  ]);
});

test('a rejected deletion of a file is recorded with its error code', async () => {
  const jobId = randomUUID();
  api.on(`DELETE /dashboard/exports/${jobId}/artifact`, problem(409, 'EXPORT_NOT_AVAILABLE'));
  expect((await owner.send('DELETE', `/api/dashboard/exports/${jobId}/artifact`)).status).toBe(409);
  expect(await rowsOf(jobId)).toMatchObject([{ outcome: 'EXPORT_NOT_AVAILABLE' }]);
});

test(
  'an outbox row with an unknown action stays in the region',
  async () => {
    const row = (action: string) => ({
      outboxId: randomUUID(),
      companyId: company.id,
      at: new Date().toISOString(),
      action,
      actor: { type: 'api_key', id: 'k', label: 'key' },
      subject: { type: 'export', id: randomUUID() },
      details: {},
      requestId: 'r',
      ip: null,
      userAgent: null,
    });
    let left = [row('EXPORT_SIGNED_BY_A_NEWER_API'), row('EXPORT_FILE_DELETED')];
    const [unknown, known] = left;
    api.on('GET /dashboard/outbox', (response, request) =>
      json(200, { data: left })(response, request),
    );
    api.on('POST /dashboard/outbox/ack', (response, request) => {
      const { outboxIds } = JSON.parse(request.body) as { outboxIds: string[] };
      left = left.filter(({ outboxId }) => !outboxIds.includes(outboxId));
      response.writeHead(204).end();
    });
    await expect
      .poll(() => rowsOf(known?.subject.id ?? ''), { timeout: patient(30_000) })
      .toMatchObject([{ outcome: 'SUCCEEDED', user: { label: 'key' } }]);
    await expect.poll(() => left.map(({ outboxId }) => outboxId)).toEqual([unknown?.outboxId]);
    api.on('GET /dashboard/outbox', json(200, { data: [] }));
  },
  patient(60_000),
);
