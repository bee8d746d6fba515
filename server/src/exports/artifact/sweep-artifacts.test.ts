import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CreateMultipartUploadCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { openArtifactStore } from '../../storage/open-artifact-store.ts';
import { openS3 } from '../../storage/s3/s3-connection.ts';
import { parseS3Url } from '../../storage/s3/s3-location.ts';
import { partialName } from '../../storage/local/write-file-atomically.ts';
import { createTestExport, readExport } from '../../../../testing/export-job.ts';
import { gateStore } from '../../../../testing/storage/gated-store.ts';
import { makeEvents } from '../../../../testing/make-events.ts';
import { startS3Server, type S3Server } from '../../../../testing/storage/s3-server.ts';
import { startTestApi } from '../../../../testing/test-api.ts';
import {
  createTestRegion,
  type TestCompany,
  type TestRegion,
} from '../../../../testing/test-region.ts';
import { artifactKey } from './artifact-key.ts';
import type { ExportDeps } from '../export-deps.ts';
import { type ExportJob, exportJobJson } from '../export-job.ts';
import { runExport } from '../run/run-export.ts';
import { claimMaintenanceTask } from '../run/sql/claim-maintenance-task.ts';
import { sweepArtifacts } from './sweep-artifacts.ts';

const never = new AbortController().signal;
const TEN_MINUTES_MS = 600_000;

let region: TestRegion;
let s3: S3Server;
let company: TestCompany;
beforeAll(async () => {
  [region, s3] = [await createTestRegion(), await startS3Server()];
  company = await region.company();
  const { id: companyId, workspaceIds } = company;
  await makeEvents(region.owner, { companyId, workspaceIds, rows: 500 });
});
afterAll(async () => {
  await s3?.[Symbol.asyncDispose]();
  await region?.[Symbol.asyncDispose]();
});

interface SweptStore {
  readonly store: ArtifactStore;
  /** Leaves the same objects as a killed writer of this key. */
  leavePartial(key: string): Promise<void>;
}

function localDirectory(): SweptStore {
  const root = fileURLToPath(region.storeUrl);
  return {
    store: region.store,
    leavePartial: async (key) => {
      const path = join(root, key);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(
        join(dirname(path), partialName(key.slice(key.lastIndexOf('/') + 1))),
        'half',
      );
    },
  };
}

function s3Bucket(): SweptStore {
  const url = s3.storeUrl();
  const location = parseS3Url(new URL(url));
  return {
    store: openArtifactStore(url),
    leavePartial: async (key) => {
      const { client } = await openS3(location);
      const object = { Bucket: location.bucket, Key: location.prefix + key };
      await client.send(new CreateMultipartUploadCommand(object));
    },
  };
}

describe.each([
  ['a local directory', localDirectory],
  ['an S3 bucket', s3Bucket],
])('the sweep of %s with unneeded and needed objects', (_, open) => {
  test('the sweep deletes every object that no job needs and no other one', async () => {
    const swept = open();
    const { store } = swept;
    const deps = { ...(await region.startedWorker({ sliceRows: 50 })), store };
    const put = (key: string) => store.write(key, bytes(), { signal: never });

    const finished = await finish(deps);
    const expired = await finish(deps);
    const justExpired = await finish(deps);
    await expire(expired, '2 hours');
    await expire(justExpired, '1 minute');
    const failed = await fail(deps);
    const gated = gateStore(store);
    const running = await createTestExport(region, company);
    const ending = runExport({ ...deps, store: gated.store }, running, never);
    await gated.reached;

    // From an attempt that lost its job, from a failed job, from the published file itself, and from probes.
    const orphans = [
      artifactKey({ ...finished, lease: finished.lease - 1 }),
      artifactKey({ ...running, attempt: 1, lease: 0 }),
      artifactKey(failed),
      artifactKey({ ...failed, jobId: randomUUID() }),
      `exhibit-probe-${randomUUID()}/probe`,
    ];
    const partials = [
      artifactKey({ ...failed, lease: failed.lease + 7 }),
      finished.artifactKey ?? '',
      artifactKey({ ...running, attempt: 1, lease: 0 }),
      `exhibit-probe-${randomUUID()}/probe`,
    ];
    const foreign = [artifactKey({ ...finished, companyId: randomUUID() }), 'else/where'];
    for (const key of [...orphans, ...foreign]) await put(key);
    for (const key of partials) await swept.leavePartial(key);

    const careful = await sweepArtifacts(deps, { graceMs: TEN_MINUTES_MS, signal: never });
    expect(careful).toEqual({
      live: 3,
      young: orphans.length + partials.length,
      foreign: foreign.length,
      expired: 1,
      orphaned: 0,
      partial: 0,
      failed: 0,
    });
    const sweep = await sweepArtifacts(deps, { graceMs: 0, signal: never });
    expect(sweep).toEqual({
      live: 2,
      young: 0,
      foreign: foreign.length,
      expired: 1,
      orphaned: orphans.length,
      partial: partials.length,
      failed: 0,
    });

    gated.open();
    await ending;
    const done = await readExport(region, running);
    expect(done).toMatchObject({ status: 'succeeded', attempt: 1 });
    const left = await Array.fromAsync(store.list(''), ({ key, partial }) => `${key} ${partial}`);
    const keys = [finished.artifactKey, done.artifactKey, ...foreign];
    expect(left.sort()).toEqual(keys.map((key) => `${key} false`).sort());
    expect(await sweepArtifacts(deps, { graceMs: 0, signal: never })).toMatchObject({
      live: 2,
      foreign: foreign.length,
      expired: 0,
      orphaned: 0,
      partial: 0,
    });

    await using api = await startTestApi([{ ...region.api, store }]);
    const key = await region.key(company);
    const download = ({ jobId }: ExportJob) =>
      api.request(key, 'GET', `/v1/exports/${jobId}/download`);
    expect((await download(finished)).status).toBe(200);
    expect((await (await download(finished)).bytes()).length).toBe(finished.bytes);
    for (const job of [expired, justExpired]) {
      const answer = await download(job);
      expect(answer.status).toBe(410);
      expect(await answer.json()).toMatchObject({ code: 'EXPORT_EXPIRED' });
    }
  });

  test('a download in progress completes although its artifact expires and is swept', async () => {
    const { store } = open();
    const deps = { ...(await region.startedWorker()), store };
    const job = await finish(deps);
    const reader = await store.open(job.artifactKey ?? '');
    await expire(job, '1 second');
    expect(await sweepArtifacts(deps, { graceMs: 0, signal: never })).toMatchObject({ expired: 1 });
    expect(Buffer.concat((await reader.toArray()) as Buffer[])).toHaveLength(job.bytes ?? 0);
  });
});

test('the sweep counts objects that it cannot delete and continues with the others', async () => {
  const { store } = s3Bucket();
  const deps = { ...(await region.startedWorker()), store };
  const [first, second] = [await finish(deps), await finish(deps)];
  for (const job of [first, second]) await expire(job, '1 hour');
  s3.fault = ({ operation, url }) =>
    operation === 'delete' && url.pathname.includes(first.jobId)
      ? { status: 403, code: 'AccessDenied' }
      : undefined;
  expect(await sweepArtifacts(deps, { graceMs: 0, signal: never })).toMatchObject({
    expired: 1,
    failed: 1,
  });
  s3.fault = () => undefined;
  expect(await sweepArtifacts(deps, { graceMs: 0, signal: never })).toMatchObject({ expired: 1 });
});

test('the sweep deletes finished objects even if the store refuses to list uploads', async () => {
  const { store } = s3Bucket();
  const deps = { ...(await region.startedWorker()), store };
  const key = `exports/${company.id}/${randomUUID()}/attempt-1-lease-1.jsonl`;
  await store.write(key, bytes(), { signal: never });
  s3.fault = ({ operation }) =>
    operation === 'uploads' ? { status: 403, code: 'AccessDenied' } : undefined;
  try {
    const sweeping = sweepArtifacts(deps, { graceMs: 0, signal: never });
    await expect(sweeping).rejects.toThrow('permission is missing');
  } finally {
    s3.fault = () => undefined;
  }
  expect(await store.stat(key)).toBeUndefined();
});

test('a canceled export reports parts that the store refused to remove until a sweep removes them', async () => {
  const { store } = s3Bucket();
  const gated = gateStore(store);
  const deps = { ...(await region.startedWorker()), store: gated.store };
  const job = await createTestExport(region, company);
  s3.fault = ({ operation }) =>
    operation === 'abort' ? { status: 403, code: 'AccessDenied' } : undefined;
  try {
    const ending = runExport(deps, job, never);
    await gated.reached;
    const cancel = 'UPDATE export_jobs SET cancel_requested_at = now() WHERE job_id = $1';
    await region.owner.query(cancel, [job.jobId]);
    await ending;
  } finally {
    s3.fault = () => undefined;
    // Otherwise the paused reader would keep its database connection.
    gated.open();
  }
  const canceled = await readExport(region, job);
  expect(canceled).toMatchObject({ status: 'canceled', unfinishedPartsRemain: true });
  const failed = { ...canceled, status: 'failed', failureCode: 'STORE_REFUSED' } as const;
  const { failureSummary, unfinishedPartsRemain } = exportJobJson(failed);
  expect([failureSummary, unfinishedPartsRemain]).toEqual([
    'The artifact store refused the file. Unfinished parts remain in the artifact store until its sweep removes them.',
    true,
  ]);
  const sweep = await sweepArtifacts({ ...deps, store }, { graceMs: 0, signal: never });
  expect(sweep.partial).toBe(1);
  expect((await readExport(region, job)).unfinishedPartsRemain).toBe(false);
});

test('only one of several workers sweeps, and only when the next sweep is due', async () => {
  const pool = region.worker().pool;
  const begin = () => claimMaintenanceTask(pool, 'test', 60);
  const begun = await Promise.all(Array.from({ length: 8 }, begin));
  expect(begun.filter(Boolean)).toHaveLength(1);
  await region.owner.query(`UPDATE chores SET begun_at = now() - interval '61 seconds'`);
  expect([await begin(), await begin()]).toEqual([true, false]);
});

async function* bytes(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('left over');
}

async function finish(deps: ExportDeps): Promise<ExportJob> {
  const job = await createTestExport(region, company);
  await runExport(deps, job, never);
  return readExport(region, job);
}

async function fail(deps: ExportDeps): Promise<ExportJob> {
  const job = await createTestExport(region, company);
  await region.owner.query('UPDATE export_jobs SET max_rows = 1 WHERE job_id = $1', [job.jobId]);
  await runExport(deps, job, never);
  const ended = await readExport(region, job);
  expect(ended.status).toBe('failed');
  return ended;
}

async function expire({ jobId }: ExportJob, ago: string): Promise<void> {
  await region.owner.query(
    'UPDATE export_jobs SET artifact_expires_at = now() - $2::interval WHERE job_id = $1',
    [jobId, ago],
  );
}
