import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestExport } from '../testing/export-job.ts';
import { createTestRegion, type TestRegion } from '../testing/test-region.ts';
import { recoverExports } from './recover-exports.ts';

let region: TestRegion;
beforeAll(async () => {
  region = await createTestRegion();
});
afterAll(async () => {
  await region?.[Symbol.asyncDispose]();
});

/** A pending job of a minute ago whose queue entry a worker took and last looked after so long ago. */
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

test('a pending export whose queue entry a worker took and left is put back into the queue, once', async () => {
  const [left, held] = [await takenEntry('15 seconds'), await takenEntry('1 second')];
  const deps = await region.startedWorker();
  await recoverExports(deps);
  await recoverExports(deps);
  expect(await waitingEntries(left)).toBe(1);
  expect(await waitingEntries(held)).toBe(0);
});
