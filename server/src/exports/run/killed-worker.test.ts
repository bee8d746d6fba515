import { gunzipSync } from 'node:zlib';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  createTestExport,
  expectedContentSha256,
  exportReaches,
  readExport,
  storedObjects,
} from '../../../../testing/export-job.ts';
import { makeEvents } from '../../../../testing/make-events.ts';
import { startTestApi, type TestApi } from '../../../../testing/test-api.ts';
import {
  createTestRegion,
  type TestCompany,
  type TestRegion,
} from '../../../../testing/test-region.ts';
import {
  startWorkerProcess,
  type WorkerProcess,
} from '../../../../testing/processes/worker-process.ts';
import { patient } from '../../../../testing/patience.ts';

const ROWS = 120_000;

let region: TestRegion;
let api: TestApi;
let company: TestCompany;
let key: string;

beforeAll(async () => {
  region = await createTestRegion();
  api = await startTestApi([region.api]);
  company = await region.company(['Production', 'Staging']);
  await makeEvents(region.owner, {
    companyId: company.id,
    workspaceIds: company.workspaceIds,
    rows: ROWS,
  });
  key = await region.key(company);
}, patient(120_000));
afterAll(async () => {
  await api?.[Symbol.asyncDispose]();
  await region?.[Symbol.asyncDispose]();
});

function startWorker(): Promise<WorkerProcess> {
  return startWorkerProcess({
    REGION_DATABASE_URLS: `us=${region.url}`,
    ARTIFACT_STORES: `us=${region.storeUrl}`,
    LOG_LEVEL: 'silent',
  });
}

async function untilHalfWritten(): Promise<void> {
  await expect
    .poll(() => storedObjects(region), { timeout: patient(30_000), interval: 5 })
    .not.toEqual([]);
}

/** Keeps sending events, some back-dated into the exported range, until stopped. */
async function ingestUntil(signal: AbortSignal): Promise<number> {
  let sent = 0;
  while (!signal.aborted) {
    const events = company.workspaceIds.flatMap((workspaceId) =>
      ['2026-01-01T00:00:00.000001Z', '2026-01-01T00:10:00.5Z', '2026-11-01T00:00:00Z'].map(
        (timestamp) => ({ workspaceId, timestamp, category: 'late', action: 'arrived' }),
      ),
    );
    const answer = await api.request(key, 'POST', '/v1/events', { body: { events } });
    sent += ((await answer.json()) as { created: number }).created;
    await wait(5);
  }
  return sent;
}

test(
  'guarantee 4: a job whose worker is killed continues within 30 s and has the content of an undisturbed run',
  async () => {
    const stopIngest = new AbortController();
    const ingesting = ingestUntil(stopIngest.signal);
    const job = await createTestExport(region, company, { compression: 'gzip' });
    const first = await startWorker();
    await untilHalfWritten();
    const died = once(first.child, 'exit');
    first.child.kill('SIGKILL');
    await died;
    const killedAt = performance.now();
    expect(await readExport(region, job)).toMatchObject({ status: 'running', attempt: 1 });

    await using second = await startWorker();
    const retaken = await exportReaches(region, job, ({ attempt }) => attempt === 2, 40_000);
    expect(performance.now() - killedAt).toBeLessThan(30_000);
    expect(retaken.cut).toEqual((await readExport(region, job)).cut);
    const done = await exportReaches(
      region,
      job,
      ({ status }) => status !== 'running' && status !== 'pending',
      60_000,
    );
    stopIngest.abort();
    expect(await ingesting).toBeGreaterThan(0);

    expect(done).toMatchObject({ status: 'succeeded', attempt: 2 });
    expect(done.contentSha256).toBe(
      await expectedContentSha256(region, company.id, done.cut ?? {}),
    );
    expect(await storedObjects(region)).toEqual([done.artifactKey]);
    const stored = Buffer.concat(
      (await (await region.store.open(done.artifactKey ?? '')).toArray()) as Buffer[],
    );
    expect(createHash('sha256').update(gunzipSync(stored)).digest('hex')).toBe(done.contentSha256);
    expect(second.child.exitCode).toBe(null);
  },
  patient(120_000),
);

test(
  'guarantee 4: a stopping worker releases its job immediately, and the attempt does not count',
  async () => {
    await region.store.deletePrefix('exports');
    const job = await createTestExport(region, company, { compression: 'gzip' });
    const first = await startWorker();
    await untilHalfWritten();
    const stopping = first[Symbol.asyncDispose]();
    await using _second = await startWorker();
    await stopping;
    const done = await exportReaches(
      region,
      job,
      ({ status }) => status !== 'running' && status !== 'pending',
      60_000,
    );
    expect(done).toMatchObject({ status: 'succeeded', attempt: 1 });
    expect(await storedObjects(region)).toEqual([done.artifactKey]);
  },
  patient(120_000),
);
