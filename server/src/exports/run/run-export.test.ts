import { createHash } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openArtifactStore } from '../../storage/open-artifact-store.ts';
import {
  createTestExport,
  exportReaches,
  readExport,
  storedObjects,
} from '../../../../testing/export-job.ts';
import { gateStore } from '../../../../testing/storage/gated-store.ts';
import { makeEvents } from '../../../../testing/make-events.ts';
import {
  createTestRegion,
  type TestCompany,
  type TestRegion,
} from '../../../../testing/test-region.ts';
import { cancelExport } from '../request/cancel-export.ts';
import type { ExportJob } from '../export-job.ts';
import { recoverExports } from './recover-exports.ts';
import { runExport } from './run-export.ts';

const ROWS = 5_000;
const never = new AbortController().signal;
const origin = { requestId: 'test', ip: '127.0.0.1', userAgent: null };
const actor = { type: 'api_key', id: 'test', label: 'test' } as const;

let region: TestRegion;
let company: TestCompany;

beforeAll(async () => {
  region = await createTestRegion();
});
afterAll(async () => {
  await region?.[Symbol.asyncDispose]();
});
beforeEach(async () => {
  company = await region.company();
  await makeEvents(region.owner, {
    companyId: company.id,
    workspaceIds: company.workspaceIds,
    rows: ROWS,
  });
  await region.store.deletePrefix('exports');
});

/** Starts a job and pauses it after its first chunk. */
async function holdRunningExport(stopping: AbortSignal = never) {
  const job = await createTestExport(region, company);
  const gated = gateStore(region.store);
  const running = runExport(
    { ...(await region.startedWorker({ sliceRows: 500 })), store: gated.store },
    job,
    stopping,
  );
  await gated.reached;
  return { job, gated, running };
}

/**
 * Makes the worker of the job look dead. It is alive and renews its lease twice a second, so this repeats until the
 * job is seen as lost.
 */
async function loseWorker(job: ExportJob): Promise<ExportJob> {
  const deps = await region.startedWorker();
  for (;;) {
    await region.owner.query(
      `UPDATE export_jobs SET lease_expires_at = now() - interval '1 second' WHERE job_id = $1 AND status = 'running'`,
      [job.jobId],
    );
    await recoverExports(deps);
    const current = await readExport(region, job);
    if (current.status !== 'running') return current;
  }
}

test('guarantee 4: a succeeded job has a readable artifact that matches its digests', async () => {
  const job = await createTestExport(region, company, { compression: 'gzip' });
  await runExport(await region.startedWorker(), job, never);
  const done = await readExport(region, job);
  expect(done).toMatchObject({
    status: 'succeeded',
    rowsExported: ROWS,
    rowsExpected: ROWS,
    attempt: 1,
  });
  const hash = createHash('sha256');
  for await (const chunk of await region.store.open(done.artifactKey ?? ''))
    hash.update(chunk as Buffer);
  expect(hash.digest('hex')).toBe(done.sha256);
});

test('a running job shows its progress', async () => {
  const { job, gated, running } = await holdRunningExport();
  const shown = await exportReaches(region, job, ({ rowsExported }) => rowsExported > 0, 3_000);
  expect(shown).toMatchObject({ status: 'running', rowsExpected: ROWS });
  expect(shown.rowsExported).toBeLessThan(ROWS);
  gated.open();
  await running;
});

test('guarantee 4: a cancel stops the query within 5 s and leaves no object', async () => {
  const { job, gated, running } = await holdRunningExport();
  const canceling = cancelExport(region.api.pool, { job, actor, origin });
  gated.open();
  const canceled = await canceling;
  await running;
  expect(canceled.status).toBe('canceled');
  expect(await storedObjects(region)).toEqual([]);
  await expect(cancelExport(region.api.pool, { job, actor, origin })).rejects.toMatchObject({
    code: 'EXPORT_NOT_CANCELABLE',
  });
});

test('guarantee 4: a cancel request during the finish either takes effect completely or not at all', async () => {
  for (let round = 0; round < 5; round += 1) {
    const job = await createTestExport(region, company);
    const [, answer] = await Promise.allSettled([
      runExport(await region.startedWorker(), job, never),
      cancelExport(region.api.pool, { job, actor, origin }),
    ]);
    const settled = await readExport(region, job);
    const objects = (await storedObjects(region)).filter((key) => key.includes(job.jobId));
    expect(['succeeded', 'canceled']).toContain(settled.status);
    expect(objects).toEqual(settled.status === 'succeeded' ? [settled.artifactKey] : []);
    expect(answer.status).toBe(settled.status === 'succeeded' ? 'rejected' : 'fulfilled');
  }
});

test('guarantee 4: only the newest of two workers that believe they own a job publishes', async () => {
  const { job, gated, running } = await holdRunningExport();
  expect(await loseWorker(job)).toMatchObject({ status: 'pending', attempt: 1 });
  await runExport(await region.startedWorker(), job, never);
  const second = await readExport(region, job);
  gated.open();
  await running;
  expect(second).toMatchObject({ status: 'succeeded', attempt: 2 });
  expect(await readExport(region, job)).toEqual(second);
  expect(await storedObjects(region)).toEqual([second.artifactKey]);
});

test('guarantee 4: a job whose workers die three times fails with a reason and leaves no object', async () => {
  const job = await createTestExport(region, company);
  const held = [];
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    const gated = gateStore(region.store);
    const running = runExport(
      { ...(await region.startedWorker({ sliceRows: 500 })), store: gated.store },
      job,
      never,
    );
    await gated.reached;
    held.push({ gated, running });
    await loseWorker(job);
  }
  expect(await readExport(region, job)).toMatchObject({
    status: 'failed',
    failureCode: 'WORKER_LOST',
    attempt: 3,
  });
  for (const { gated, running } of held) {
    gated.open();
    await running;
  }
  expect(await storedObjects(region)).toEqual([]);
});

test('guarantee 4: a worker that stops gracefully releases its job without counting the attempt', async () => {
  const stopping = new AbortController();
  const { job, gated, running } = await holdRunningExport(stopping.signal);
  stopping.abort();
  gated.open();
  await running;
  expect(await readExport(region, job)).toMatchObject({ status: 'pending', attempt: 0 });
  expect(await storedObjects(region)).toEqual([]);
  await runExport(await region.startedWorker(), job, never);
  expect(await readExport(region, job)).toMatchObject({
    status: 'succeeded',
    attempt: 1,
    rowsExported: ROWS,
  });
});

test('a failing store is retried, then the job fails with a reason and keeps nothing', async () => {
  const blocker = `${fileURLToPath(region.storeUrl)}-blocker`;
  await writeFile(blocker, '');
  const broken = {
    ...(await region.startedWorker()),
    store: openArtifactStore(`${region.storeUrl}-blocker/inside`),
  };
  const job = await createTestExport(region, company);
  await runExport(broken, job, never);
  expect(await readExport(region, job)).toMatchObject({ status: 'pending', attempt: 1 });
  await runExport(broken, job, never);
  await runExport(broken, job, never);
  expect(await readExport(region, job)).toMatchObject({
    status: 'failed',
    failureCode: 'STORE_FAILED',
    attempt: 3,
    artifactKey: null,
  });
  await rm(blocker);
});

test('a file whose row count differs from the events counted for its cut is not published', async () => {
  await region.owner.query(
    `UPDATE event_rollup SET count = count + 1 WHERE company_id = $1 AND category = 'auth' AND action = 'created'`,
    [company.id],
  );
  const job = await createTestExport(region, company);
  await runExport(await region.startedWorker(), job, never);
  expect(await readExport(region, job)).toMatchObject({
    status: 'failed',
    failureCode: 'ROW_COUNT_MISMATCH',
    artifactKey: null,
  });
  expect(await storedObjects(region)).toEqual([]);
});

test('guarantee 3: a job with more rows than the maximum fails even if they could not be counted before', async () => {
  const job = await createTestExport(region, company);
  await region.owner.query('UPDATE export_jobs SET max_rows = $2 WHERE job_id = $1', [
    job.jobId,
    ROWS - 1,
  ]);
  await runExport(await region.startedWorker(), job, never);
  expect(await readExport(region, job)).toMatchObject({
    status: 'failed',
    failureCode: 'EXPORT_TOO_LARGE',
    artifactKey: null,
  });
  expect(await storedObjects(region)).toEqual([]);
});

test('guarantee 7: job row, queue entry and audit row are committed together or not at all', async () => {
  const count = async () => {
    const { rows } = await region.owner.query<{ jobs: number; entries: number; audits: number }>(
      `SELECT (SELECT count(*) FROM export_jobs WHERE company_id = $1)::int AS jobs,
              (SELECT count(*) FROM pgboss.job WHERE data ->> 'companyId' = $1::text)::int AS entries,
              (SELECT count(*) FROM audit_log WHERE company_id = $1)::int AS audits`,
      [company.id],
    );
    return rows[0];
  };
  await createTestExport(region, company);
  expect(await count()).toEqual({ jobs: 1, entries: 1, audits: 1 });
  for (const table of ['audit_log', 'pgboss.job_common', 'export_jobs']) {
    await region.owner.query(`REVOKE INSERT ON ${table} FROM exhibit_api`);
    await expect(createTestExport(region, company)).rejects.toThrow('permission denied');
    await region.owner.query(`GRANT INSERT ON ${table} TO exhibit_api`);
    expect(await count()).toEqual({ jobs: 1, entries: 1, audits: 1 });
  }
});

test('guarantee 4: a finish that committed although its connection broke keeps the file', async () => {
  const job = await createTestExport(region, company);
  const deps = await region.startedWorker();
  await runExport({ ...deps, pool: breakingAfterFinish(deps.pool) }, job, never);
  const done = await readExport(region, job);
  expect(done).toMatchObject({ status: 'succeeded', rowsExported: ROWS });
  expect(await storedObjects(region)).toEqual([done.artifactKey]);
});

/**
 * A pool whose COMMIT of a finish reaches the server although the response is lost, which cannot be timed on a real
 * network.
 */
function breakingAfterFinish(pool: pg.Pool): pg.Pool {
  const connect = async () => {
    const client = await pool.connect();
    let finishing = false;
    return new Proxy(client, {
      get: (target, name) => {
        if (name !== 'query') return Reflect.get(target, name, target) as unknown;
        return (text: string | pg.Submittable, values?: unknown[]) => {
          if (typeof text !== 'string') return target.query(text);
          finishing ||= text.includes('artifact_expires_at = now()');
          const answer = target.query(text, values);
          if (!finishing || text !== 'COMMIT') return answer;
          return answer.then(() => Promise.reject(new Error('Connection terminated unexpectedly')));
        };
      },
    });
  };
  return new Proxy(pool, {
    get: (target, name) =>
      name === 'connect' ? connect : (Reflect.get(target, name, target) as unknown),
  });
}
