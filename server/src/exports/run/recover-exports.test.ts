import type pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { inCompany } from '../../regions/transaction.ts';
import { createTestExport, readExport } from '../../../../testing/export-job.ts';
import { gateStore } from '../../../../testing/storage/gated-store.ts';
import { createTestRegion, type TestRegion } from '../../../../testing/test-region.ts';
import type { ExportDeps } from '../export-deps.ts';
import type { ExportJob } from '../export-job.ts';
import { cancelExport } from '../request/cancel-export.ts';
import { recoverExports } from './recover-exports.ts';
import { claimExport } from './sql/claim-export.ts';
import { finishExport } from './sql/finish-export.ts';
import { releaseExport } from './sql/release-export.ts';
import { releaseLostExport } from './sql/release-lost-export.ts';

let region: TestRegion;
beforeAll(async () => {
  region = await createTestRegion();
});
afterAll(async () => {
  await region?.[Symbol.asyncDispose]();
});

/** A pending job from a minute ago whose queue entry a worker took and last renewed this long ago. */
async function takenEntry(heartbeatAgo: string): Promise<string> {
  const { jobId } = await createTestExport(region, await region.company());
  await region.owner.query(
    `UPDATE export_jobs SET created_at = now() - interval '1 minute' WHERE job_id = $1`,
    [jobId],
  );
  await region.owner.query(
    `UPDATE pgboss.job SET state = 'active', started_on = now(), heartbeat_on = now() - $2::interval
     WHERE data ->> 'jobId' = $1::text`,
    [jobId, heartbeatAgo],
  );
  return jobId;
}

async function waitingEntries(jobId: string): Promise<number> {
  const { rowCount } = await region.owner.query(
    `SELECT FROM pgboss.job WHERE state = 'created' AND data ->> 'jobId' = $1::text`,
    [jobId],
  );
  return rowCount ?? 0;
}

test('a pending export whose queue entry a worker took and abandoned is enqueued again, once', async () => {
  const [left, held] = [await takenEntry('15 seconds'), await takenEntry('1 second')];
  const deps = await region.startedWorker();
  await recoverExports(deps);
  await recoverExports(deps);
  expect(await waitingEntries(left)).toBe(1);
  expect(await waitingEntries(held)).toBe(0);
});

/** A job whose worker has not renewed its lease. */
async function lostJob(deps: ExportDeps, attempt = 1): Promise<ExportJob> {
  const { companyId, jobId } = await createTestExport(region, await region.company());
  const job = await inCompany(deps.pool, companyId, (client) =>
    claimExport(client, companyId, jobId),
  );
  if (job === undefined) throw new Error('the job cannot be claimed');
  await region.owner.query(
    `UPDATE export_jobs SET lease_expires_at = now() - interval '1 second', attempt = $2 WHERE job_id = $1`,
    [jobId, attempt],
  );
  return job;
}

const requestCancel = (job: ExportJob) =>
  region.owner.query('UPDATE export_jobs SET cancel_requested_at = now() WHERE job_id = $1', [
    job.jobId,
  ]);

const refuse = () => Promise.reject(new Error('refused'));
const standStill: ExportDeps['store']['deletePrefix'] = (_, { signal } = {}) =>
  new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(new Error('stopped')));
  });

test.each([
  ['refuses', refuse],
  ['does not answer', standStill],
])(
  'a store that %s when files are deleted delays only the jobs that end',
  async (_, deletePrefix) => {
    const deps = await region.startedWorker();
    const [canceled, failed, lost] = [
      await lostJob(deps),
      await lostJob(deps, 3),
      await lostJob(deps),
    ];
    await requestCancel(canceled);
    const timeout = AbortSignal.timeout.bind(AbortSignal);
    using _shorter = vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => timeout(50));
    await recoverExports({ ...deps, store: { ...gateStore(deps.store).store, deletePrefix } });
    expect(await readExport(region, lost)).toMatchObject({ status: 'pending' });
    for (const job of [canceled, failed])
      expect(await readExport(region, job)).toMatchObject({ status: 'running' });
    await recoverExports(deps);
    expect(await readExport(region, canceled)).toMatchObject({ status: 'canceled' });
    expect(await readExport(region, failed)).toMatchObject({ failureCode: 'WORKER_LOST' });
  },
);

test('a database clock moved back by an hour delays neither a lost export nor a waiting one', async () => {
  const deps = await region.startedWorker();
  const lost = await lostJob(deps);
  const { jobId } = await createTestExport(region, await region.company());
  await region.owner.query(
    `UPDATE export_jobs SET lease_expires_at = lease_expires_at + interval '1 hour' WHERE job_id = $1`,
    [lost.jobId],
  );
  await region.owner.query(
    `UPDATE pgboss.job SET start_after = start_after + interval '1 hour' WHERE data ->> 'jobId' = $1::text`,
    [jobId],
  );
  await recoverExports(deps);
  const { rows } = await region.owner.query<{ lease: boolean; entry: boolean }>(
    `SELECT (SELECT lease_expires_at < now() + interval '9 seconds' FROM export_jobs WHERE job_id = $1) AS lease,
       (SELECT start_after <= now() FROM pgboss.job WHERE data ->> 'jobId' = $2::text) AS entry`,
    [lost.jobId, jobId],
  );
  // The lease is shortened and not ended: its worker may be alive and renews it within a second.
  expect(rows).toEqual([{ lease: true, entry: true }]);
  expect(await readExport(region, lost)).toMatchObject({ status: 'running', attempt: 1 });
});

test('recovery skips a row that another transaction has locked', async () => {
  const deps = await region.startedWorker();
  const [held, lost] = [await lostJob(deps, 3), await lostJob(deps, 3)];
  const client = await region.owner.connect();
  try {
    await client.query('BEGIN');
    await client.query('SELECT FROM export_jobs WHERE job_id = $1 FOR UPDATE', [held.jobId]);
    await recoverExports(deps);
    expect(await readExport(region, held)).toMatchObject({ status: 'running' });
    expect(await readExport(region, lost)).toMatchObject({ status: 'failed' });
  } finally {
    client.release(true);
  }
});

test('a last attempt that renews its lease in time continues', async () => {
  const deps = await region.startedWorker();
  const job = await lostJob(deps, 3);
  await recoverExports({ ...deps, pool: renewingAfterRead(deps.pool, job) });
  expect(await readExport(region, job)).toMatchObject({ status: 'running', attempt: 3 });
});

/** A pool that shows the job as lost and renews its lease before recovery acts. */
function renewingAfterRead(pool: pg.Pool, job: ExportJob): pg.Pool {
  let connections = 0;
  const connect = async () => {
    connections += 1;
    // The first connection reads the job, and the second one ends or releases it.
    if (connections === 2)
      await region.owner.query(
        `UPDATE export_jobs SET lease_expires_at = now() + interval '8 seconds' WHERE job_id = $1`,
        [job.jobId],
      );
    return pool.connect();
  };
  return new Proxy(pool, {
    get: (target, name) => {
      if (name === 'connect') return connect;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

test('a job with a cancel request is canceled instead of released as pending', async () => {
  const deps = await region.startedWorker();
  const lost = await lostJob(deps);
  await requestCancel(lost);
  // Recovery read the job before the cancel request and now tries to release it.
  const released = await inCompany(deps.pool, lost.companyId, (client) =>
    releaseLostExport(client, lost.companyId, lost.jobId),
  );
  expect(released).toBe(false);
  await recoverExports(deps);
  expect(await readExport(region, lost)).toMatchObject({ status: 'canceled' });
  // An earlier version released this job although it had a cancel request.
  const { companyId, jobId } = await createTestExport(region, await region.company());
  await region.owner.query(
    `UPDATE export_jobs SET created_at = now() - interval '1 minute', cancel_requested_at = now() WHERE job_id = $1`,
    [jobId],
  );
  await region.owner.query(`DELETE FROM pgboss.job WHERE data ->> 'jobId' = $1::text`, [jobId]);
  await recoverExports(deps);
  expect(await readExport(region, { ...lost, companyId, jobId })).toMatchObject({
    status: 'canceled',
  });
});

test('a worker assumed dead publishes nothing if the connection that ends its job breaks', async () => {
  const deps = await region.startedWorker();
  const job = await lostJob(deps, 3);
  let published: boolean | undefined;
  const deletePrefix = async () => {
    await region.owner.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE state = 'idle in transaction' AND datname = current_database() AND pid <> pg_backend_pid()`,
    );
    const finished = {
      ...job,
      rowsExported: 0,
      truncated: false,
      bytes: 0,
      sha256: Buffer.alloc(32),
      contentSha256: Buffer.alloc(32),
      artifactKey: 'x',
      artifactTtlDays: 1,
    };
    published = await inCompany(deps.pool, job.companyId, (client) =>
      finishExport(client, finished),
    );
    return 0;
  };
  await recoverExports({ ...deps, store: { ...gateStore(deps.store).store, deletePrefix } });
  expect(published).toBe(false);
  await recoverExports(deps);
  expect(await readExport(region, job)).toMatchObject({ failureCode: 'WORKER_LOST' });
});

test('a cancel request cancels a job that is being released to the queue', async () => {
  const deps = await region.startedWorker();
  const job = await lostJob(deps);
  const { companyId, jobId, lease } = job;
  const origin = { requestId: 'test', ip: '127.0.0.1', userAgent: null };
  const actor = { type: 'api_key', id: 'test', label: 'test' } as const;
  let canceling: ReturnType<typeof cancelExport> | undefined;
  await inCompany(deps.pool, companyId, async (client) => {
    await releaseExport(client, { companyId, jobId, lease, refundAttempt: false });
    canceling = cancelExport(region.api.pool, { job, actor, origin });
    canceling.catch(() => undefined);
    await expect
      .poll(async () => {
        const { rowCount } = await region.owner.query(
          `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()
             AND query LIKE '%cancel_requested_at = coalesce%'`,
        );
        return rowCount;
      })
      .toBe(1);
  });
  expect(await canceling).toMatchObject({ status: 'canceled' });
});
