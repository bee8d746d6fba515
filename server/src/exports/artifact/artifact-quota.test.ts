import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestExport, exportReaches, readExport } from '../../../../testing/export-job.ts';
import { gateStore } from '../../../../testing/storage/gated-store.ts';
import { makeEvents } from '../../../../testing/make-events.ts';
import {
  createTestRegion,
  type TestCompany,
  type TestRegion,
} from '../../../../testing/test-region.ts';
import { runExport } from '../run/run-export.ts';

const never = new AbortController().signal;
let region: TestRegion;

beforeAll(async () => {
  region = await createTestRegion();
});
afterAll(async () => {
  await region?.[Symbol.asyncDispose]();
});

async function companyWithEvents(): Promise<{ company: TestCompany; fileBytes: number }> {
  const company = await region.company();
  const { id: companyId, workspaceIds } = company;
  await makeEvents(region.owner, { companyId, workspaceIds, rows: 5_000 });
  const job = await createTestExport(region, company);
  await runExport(await region.startedWorker(), job, never);
  return { company, fileBytes: (await readExport(region, job)).bytes ?? 0 };
}

const filesOf = async (company: TestCompany) => {
  let files = 0;
  for await (const { key } of region.store.list(`exports/${company.id}`)) if (key !== '') files++;
  return files;
};

test.each(['none', 'zstd'] as const)(
  'a file that does not fit into the quota is not kept, and the job says why (compression %s)',
  async (compression) => {
    const { company, fileBytes } = await companyWithEvents();
    const job = await createTestExport(region, company, { compression });
    const deps = await region.startedWorker({ maxArtifactBytes: fileBytes + 1_000 });
    await runExport(deps, job, never);
    expect(await readExport(region, job)).toMatchObject({
      status: 'failed',
      failureCode: 'ARTIFACT_QUOTA_EXCEEDED',
      artifactKey: null,
    });
    expect(await filesOf(company)).toBe(1);
  },
);

test('two concurrent exports cannot both use the last free space of the quota', async () => {
  const { company, fileBytes } = await companyWithEvents();
  // Space for one and a half more files.
  const settings = { maxArtifactBytes: Math.floor(fileBytes * 2.5), sliceRows: 500 };
  const runs = await Promise.all(
    [1, 2].map(async () => {
      const job = await createTestExport(region, company);
      const gated = gateStore(region.store);
      const deps = { ...(await region.startedWorker(settings)), store: gated.store };
      const running = runExport(deps, job, never);
      await gated.reached;
      return { job, gated, running };
    }),
  );
  for (const { gated } of runs) gated.open();
  await Promise.all(runs.map(({ running }) => running));
  const ends = await Promise.all(
    runs.map(({ job }) => exportReaches(region, job, ({ finishedAt }) => finishedAt !== null)),
  );
  const failed = ends.filter(({ status }) => status === 'failed');
  expect(failed.length).toBeGreaterThanOrEqual(1);
  for (const { failureCode } of failed) expect(failureCode).toBe('ARTIFACT_QUOTA_EXCEEDED');
  expect(await filesOf(company)).toBe(1 + ends.length - failed.length);
});

test('an export stops writing once other exports have used up the quota', async () => {
  const { company, fileBytes } = await companyWithEvents();
  const job = await createTestExport(region, company);
  const gated = gateStore(region.store);
  const settings = { maxArtifactBytes: fileBytes * 2 + 1_000, sliceRows: 500 };
  const running = runExport(
    { ...(await region.startedWorker(settings)), store: gated.store },
    job,
    never,
  );
  await gated.reached;
  const other = await createTestExport(region, company);
  await runExport(await region.startedWorker(), other, never);
  gated.open();
  await running;
  expect(await readExport(region, job)).toMatchObject({ failureCode: 'ARTIFACT_QUOTA_EXCEEDED' });
  expect(await filesOf(company)).toBe(2);
});
