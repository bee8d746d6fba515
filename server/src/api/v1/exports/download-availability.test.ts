import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type ExportWorker, startExportWorker } from '../../../exports/run/export-worker.ts';
import { expectProblem } from '../../../../../testing/expect-problem.ts';
import { finishedExport, startExport } from '../../../../../testing/finished-export.ts';
import { startTestApi, type TestApi } from '../../../../../testing/test-api.ts';
import {
  createTestRegion,
  type TestCompany,
  type TestRegion,
} from '../../../../../testing/test-region.ts';
import { type ExportJobJson, waitForExport } from '../../../../../testing/wait-for-export.ts';

const MAX_ROWS = 3;
const BODY = { format: 'JSONL' };

let region: TestRegion;
let api: TestApi;
let worker: ExportWorker | undefined;
let company: TestCompany;
let key: string;

beforeAll(async () => {
  region = await createTestRegion();
  api = await startTestApi([region.api], { exportMaxRows: MAX_ROWS });
});

beforeEach(async () => {
  company = await region.company(['Production', 'Staging']);
  key = await region.key(company);
});

afterAll(async () => {
  await worker?.stop();
  await api?.[Symbol.asyncDispose]();
  await region?.[Symbol.asyncDispose]();
});

const download = (jobId: string, as = key, method = 'GET') =>
  api.request(as, method, `/v1/exports/${jobId}/download`);
const cancel = (jobId: string, as = key) => api.request(as, 'POST', `/v1/exports/${jobId}/cancel`);

async function storeEvents(count: number): Promise<void> {
  const event = { workspaceId: company.workspaceIds[0], category: 'c', action: 'a' };
  const body = { events: Array.from({ length: count }, () => event) };
  await api.request(key, 'POST', '/v1/events', { body });
}

// Jobs that are created before the worker starts stay pending; the tests run in this order.
describe('without a worker', () => {
  test('downloading a pending job answers EXPORT_NOT_READY with Retry-After', async () => {
    const { jobId } = await startExport(api, key, BODY);
    for (const method of ['GET', 'HEAD']) {
      const answer = await download(jobId, key, method);
      expect(answer.status).toBe(409);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      if (method === 'GET') await expectProblem(answer, 'EXPORT_NOT_READY');
    }
  });

  test('downloading a running job answers EXPORT_NOT_READY', async () => {
    const { jobId } = await startExport(api, key, BODY);
    await region.owner.query(
      `UPDATE export_jobs SET status = 'running', lease_expires_at = now() + interval '50 seconds', started_at = now()
       WHERE job_id = $1`,
      [jobId],
    );
    const answer = await download(jobId);
    expect(answer.headers.get('retry-after')).not.toBeNull();
    const { detail } = await expectProblem(answer, 'EXPORT_NOT_READY');
    expect(detail).toContain('running');
  });

  test('a pending job is canceled immediately, has no file and cannot be canceled again', async () => {
    const { jobId } = await startExport(api, key, BODY);
    const answer = await cancel(jobId);
    expect(answer.status).toBe(200);
    const canceled = (await answer.json()) as ExportJobJson;
    expect(canceled).toMatchObject({ jobId, status: 'canceled', bytes: null, sha256: null });
    expect(canceled.finishedAt).not.toBeNull();
    const refused = await download(jobId);
    expect(refused.headers.get('retry-after')).toBeNull();
    await expectProblem(refused, 'EXPORT_NOT_AVAILABLE');
    await expectProblem(await cancel(jobId), 'EXPORT_NOT_CANCELABLE');
  });

  test('one of two concurrent cancel requests succeeds and leaves one audit row', async () => {
    const { jobId } = await startExport(api, key, BODY);
    const answers = await Promise.all(Array.from({ length: 8 }, () => cancel(jobId)));
    const statuses = answers.map(({ status }) => status).sort((a, b) => a - b);
    expect(statuses).toEqual([200, ...Array<number>(7).fill(409)]);
    const { rows } = await region.owner.query(
      `SELECT FROM audit_log WHERE action = 'EXPORT_CANCELED' AND subject_id = $1`,
      [jobId],
    );
    expect(rows).toHaveLength(1);
  });
});

describe('with a worker', () => {
  let failed: { readonly key: string; readonly jobId: string };

  beforeAll(async () => {
    company = await region.company();
    key = await region.key(company);
    await storeEvents(MAX_ROWS);
    failed = { key, jobId: (await startExport(api, key, BODY)).jobId };
    await storeEvents(1);
    worker = await startExportWorker(region.worker());
    await waitForExport(api, failed.key, failed.jobId);
  });

  test('a job that grew beyond the maximum fails with a reason and has no file', async () => {
    const answer = await api.request(failed.key, 'GET', `/v1/exports/${failed.jobId}`);
    const job = (await answer.json()) as ExportJobJson;
    expect(job).toMatchObject({ status: 'failed', failureCode: 'EXPORT_TOO_LARGE', bytes: null });
    expect(job.failureSummary).toMatch(/\S/);
    expect(job.retryHint).toMatch(/\S/);
    const refused = await download(failed.jobId, failed.key);
    expect(refused.headers.get('retry-after')).toBeNull();
    await expectProblem(refused, 'EXPORT_NOT_AVAILABLE');
    await expectProblem(await cancel(failed.jobId, failed.key), 'EXPORT_NOT_CANCELABLE');
  });

  test('the file of a succeeded job is available until it expires', async () => {
    await storeEvents(1);
    const job = await finishedExport(api, key, BODY);
    const day = 86_400_000;
    const lasts = Date.parse(job.artifactExpiresAt ?? '') - Date.parse(job.finishedAt ?? '');
    expect(lasts).toBe(30 * day);
    await expectProblem(await cancel(job.jobId), 'EXPORT_NOT_CANCELABLE');
    expect((await download(job.jobId)).status).toBe(200);
    await region.owner.query(
      `UPDATE export_jobs SET artifact_expires_at = now() - interval '1 second' WHERE job_id = $1`,
      [job.jobId],
    );
    await expectProblem(await download(job.jobId), 'EXPORT_EXPIRED');
    expect((await download(job.jobId, key, 'HEAD')).status).toBe(410);
  });
});

describe('a job of another caller', () => {
  const routes = (jobId: string, as: string) => [
    () => api.request(as, 'GET', `/v1/exports/${jobId}`),
    () => download(jobId, as),
    () => cancel(jobId, as),
  ];

  async function expectHidden(jobId: string, as: string): Promise<void> {
    for (const send of routes(jobId, as)) {
      const { detail } = await expectProblem(await send(), 'NOT_FOUND');
      expect(detail).toBe('There is no export with this id.');
    }
  }

  test('a job of another company is answered like an unknown or malformed id', async () => {
    const { jobId } = await startExport(api, key, BODY);
    const stranger = await region.key(await region.company());
    await expectHidden(jobId, stranger);
    for (const id of [randomUUID(), 'x', '%20', `${jobId}'--`, jobId.slice(1), `%7B${jobId}%7D`])
      await expectHidden(id, key);
    const still = await api.request(key, 'GET', `/v1/exports/${jobId.toUpperCase()}`);
    expect(still.status).toBe(200);
  });

  test('a job with a workspace outside the scope of the key is answered like an unknown job', async () => {
    const bound = await region.key(company, { workspaceId: company.workspaceIds[0] });
    const filters = { workspaceId: company.workspaceIds[1] };
    await expectHidden((await startExport(api, key, { ...BODY, filters })).jobId, bound);
    await expectHidden((await startExport(api, key, BODY)).jobId, bound);
  });
});

test('reading a job needs exports:read, and canceling it needs exports:write', async () => {
  const { jobId } = await startExport(api, key, BODY);
  const reader = await region.key(company, { permissions: ['exports:read'] });
  const writer = await region.key(company, { permissions: ['exports:write'] });
  await expectProblem(await cancel(jobId, reader), 'PERMISSION_DENIED');
  await expectProblem(await download(jobId, writer), 'PERMISSION_DENIED');
  await expectProblem(
    await api.request(writer, 'GET', `/v1/exports/${jobId}`),
    'PERMISSION_DENIED',
  );
});
