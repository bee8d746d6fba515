import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestApi, type TestApi } from '../../../../testing/test-api.ts';
import {
  createTestRegion,
  type TestCompany,
  type TestRegion,
} from '../../../../testing/test-region.ts';
import { waitForExport } from '../../../../testing/wait-for-export.ts';
import { type ExportWorker, startExportWorker } from './export-worker.ts';

let region: TestRegion;
let api: TestApi;
let worker: ExportWorker;
let company: TestCompany;
let key: string;

beforeAll(async () => {
  region = await createTestRegion();
  api = await startTestApi([region.api]);
  worker = await startExportWorker(region.worker());
  company = await region.company(['Production', 'Staging']);
  key = await region.key(company);
});

afterAll(async () => {
  await worker?.stop();
  await api?.[Symbol.asyncDispose]();
  await region?.[Symbol.asyncDispose]();
});

test('a succeeded job has a file that matches its digests', async () => {
  const [workspaceId] = company.workspaceIds;
  const sent = await api.request(key, 'POST', '/v1/events', {
    body: { workspaceId, category: 'auth', action: 'login', metadata: { n: 1 } },
  });
  expect(sent.status).toBe(201);
  const created = await api.request(key, 'POST', '/v1/exports', {
    body: { format: 'JSONL', compression: 'zstd' },
  });
  expect(created.status).toBe(201);
  const job = await waitForExport(api, key, ((await created.json()) as { jobId: string }).jobId);
  expect(job).toMatchObject({
    status: 'succeeded',
    rowsExported: 1,
    rowsExpected: 1,
    truncated: false,
  });
  const file = await api.request(key, 'GET', `/v1/exports/${job.jobId}/download`);
  const bytes = Buffer.from(await file.arrayBuffer());
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(job.sha256);
});

test('texts of any length are stored, listed and exported although an index entry has at most 2,704 bytes', async () => {
  const [, workspaceId] = company.workspaceIds;
  const long = () => randomBytes(2_048).toString('hex');
  const event = {
    workspaceId,
    category: 'auth',
    action: 'login',
    actor: { id: long(), email: long(), role: long() },
    resource: { type: long(), id: long() },
    traceId: long(),
    ipAddress: long(),
    geo: long(),
    userAgent: long(),
  };
  const sent = await api.request(key, 'POST', '/v1/events', { body: event });
  expect(sent.status, await sent.clone().text()).toBe(201);
  const listed = await api.request(key, 'GET', `/v1/events?workspaceId=${workspaceId}`);
  expect(((await listed.json()) as { data: unknown[] }).data).toEqual([
    expect.objectContaining(event),
  ]);
  const filters = { workspaceIds: [workspaceId] };
  const created = await api.request(key, 'POST', '/v1/exports', {
    body: { format: 'JSONL', filters },
  });
  const { jobId } = (await created.json()) as { jobId: string };
  await waitForExport(api, key, jobId);
  const file = await api.request(key, 'GET', `/v1/exports/${jobId}/download`);
  expect(JSON.parse(await file.text())).toMatchObject(event);
});
