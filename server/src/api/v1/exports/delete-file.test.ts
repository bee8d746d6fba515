import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ExportWorker, startExportWorker } from '../../../exports/run/export-worker.ts';
import { sweepArtifacts } from '../../../exports/artifact/sweep-artifacts.ts';
import { storedObjects } from '../../../../../testing/export-job.ts';
import { expectProblem } from '../../../../../testing/expect-problem.ts';
import { finishedExport, startExport } from '../../../../../testing/finished-export.ts';
import { gateStore } from '../../../../../testing/storage/gated-store.ts';
import { makeEvents } from '../../../../../testing/make-events.ts';
import { startTestApi, type TestApi } from '../../../../../testing/test-api.ts';
import {
  createTestRegion,
  type TestCompany,
  type TestRegion,
} from '../../../../../testing/test-region.ts';

const BODY = { format: 'JSONL' };
let region: TestRegion;
let api: TestApi;
let worker: ExportWorker;
let company: TestCompany;
let key: string;

beforeAll(async () => {
  region = await createTestRegion();
  api = await startTestApi([region.api]);
  company = await region.company();
  key = await region.key(company);
  const { id: companyId, workspaceIds } = company;
  // More than the socket buffers of both sides can hold.
  await makeEvents(region.owner, { companyId, workspaceIds, rows: 30_000 });
  worker = await startExportWorker(region.worker());
});
afterAll(async () => {
  await worker?.stop();
  await api?.[Symbol.asyncDispose]();
  await region?.[Symbol.asyncDispose]();
});

const download = (jobId: string, as = key, method = 'GET') =>
  api.request(as, method, `/v1/exports/${jobId}/download`);
const deleteFile = (jobId: string, as = key, at = api) =>
  at.request(as, 'DELETE', `/v1/exports/${jobId}/artifact`);
const objectsOf = async (jobId: string) =>
  (await storedObjects(region)).filter((name) => name.includes(jobId));

test('a deleted file is no longer available, and the job shows who deleted it and when', async () => {
  const made = await finishedExport(api, key, BODY);
  const answer = await deleteFile(made.jobId);
  expect(answer.status).toBe(200);
  const job = (await answer.json()) as Record<string, unknown>;
  expect(job).toMatchObject({
    status: 'succeeded',
    sha256: made.sha256,
    artifactDeletedBy: { type: 'api_key', label: 'test' },
  });
  expect(Date.parse(String(job['artifactDeletedAt']))).toBeLessThanOrEqual(Date.now() + 1_000);
  expect(await objectsOf(made.jobId)).toEqual([]);
  const { detail } = await expectProblem(await download(made.jobId), 'EXPORT_FILE_DELETED');
  expect(detail).toContain('deleted by test');
  expect((await download(made.jobId, key, 'HEAD')).status).toBe(410);
});

test('deleting a file twice, also concurrently, answers 200 and leaves one audit row', async () => {
  const made = await finishedExport(api, key, BODY);
  const answers = await Promise.all([1, 2, 3, 4].map(() => deleteFile(made.jobId)));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  expect((await deleteFile(made.jobId)).status).toBe(200);
  const { rows } = await region.owner.query<{ details: unknown }>(
    `SELECT details FROM audit_log WHERE action = 'EXPORT_FILE_DELETED' AND subject_id = $1`,
    [made.jobId],
  );
  expect(rows).toEqual([{ details: { bytes: made.bytes, sha256: made.sha256, format: 'JSONL' } }]);
});

test('a download in progress reads the whole file although it is deleted meanwhile', async () => {
  const made = await finishedExport(api, key, BODY);
  const answer = await download(made.jobId);
  const reader = answer.body?.getReader();
  let bytes = (await reader?.read())?.value?.length ?? 0;
  expect((await deleteFile(made.jobId)).status).toBe(200);
  for (;;) {
    const next = await reader?.read();
    if (next === undefined || next.done) break;
    bytes += next.value.length;
  }
  expect(bytes).toBe(made.bytes);
});

test('a file that the store fails to delete is unavailable to callers, and the next sweep deletes it', async () => {
  const made = await finishedExport(api, key, BODY);
  const refuse = () => Promise.reject(new Error('refused'));
  const store = { ...gateStore(region.store).store, delete: refuse };
  await using other = await startTestApi([{ ...region.api, store }]);
  expect((await deleteFile(made.jobId, key, other)).status).toBe(200);
  expect(await objectsOf(made.jobId)).toHaveLength(1);
  await expectProblem(await download(made.jobId), 'EXPORT_FILE_DELETED');
  const signal = new AbortController().signal;
  const sweep = await sweepArtifacts(region.worker(), { graceMs: 3_600_000, signal });
  expect(sweep).toMatchObject({ expired: 1, failed: 0 });
  expect(await objectsOf(made.jobId)).toEqual([]);
});

test('deleting a file needs exports:write and a visible job, and a job without a file is an error', async () => {
  const made = await finishedExport(api, key, BODY);
  const reader = await region.key(company, { permissions: ['exports:read'] });
  await expectProblem(await deleteFile(made.jobId, reader), 'PERMISSION_DENIED');
  const stranger = await region.key(await region.company());
  await expectProblem(await deleteFile(made.jobId, stranger), 'NOT_FOUND');
  expect((await download(made.jobId)).status).toBe(200);
  const failed = await finishedExport(api, key, { ...BODY, limit: 1 });
  await region.owner.query(
    `UPDATE export_jobs SET status = 'pending', artifact_key = NULL WHERE job_id = $1`,
    [failed.jobId],
  );
  await expectProblem(await deleteFile(failed.jobId), 'EXPORT_NOT_READY');
  await region.owner.query(`UPDATE export_jobs SET status = 'canceled' WHERE job_id = $1`, [
    failed.jobId,
  ]);
  await expectProblem(await deleteFile(failed.jobId), 'EXPORT_NOT_AVAILABLE');
});

test('a company that used up its artifact quota starts no export until a file is deleted', async () => {
  const tenant = await region.company();
  const tenantKey = await region.key(tenant);
  const { id: companyId, workspaceIds } = tenant;
  await makeEvents(region.owner, { companyId, workspaceIds, rows: 100 });
  const made = await finishedExport(api, tenantKey, BODY);
  const used = made.bytes ?? 0;
  const quotas = {
    pendingExports: 100,
    apiKeys: 10,
    savedViews: 10,
    exportTemplates: 10,
    artifactBytes: used,
  };
  await using limited = await startTestApi([region.api], { quotas });
  const create = () => limited.request(tenantKey, 'POST', '/v1/exports', { body: BODY });
  const refused = await expectProblem(await create(), 'QUOTA_EXCEEDED');
  expect(refused).toMatchObject({ quota: 'artifactBytes', used, limit: used });
  expect(refused.detail).toContain('Delete files');
  // Another company is not affected.
  await startExport(limited, await region.key(await region.company()), BODY);
  expect((await deleteFile(made.jobId, tenantKey, limited)).status).toBe(200);
  expect((await create()).status).toBe(201);
});
