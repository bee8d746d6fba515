import { afterAll, expect, test } from 'vitest';
import { MAX_ROWS, startDashboardExports } from '../../../../../testing/dashboard-exports.ts';
import { testUser, type TestUser } from '../../../../../testing/dashboard-user.ts';
import { expectProblem } from '../../../../../testing/expect-problem.ts';
import { patient } from '../../../../../testing/patience.ts';

const world = await startDashboardExports();
const { region, api, owner, member, create, finish, view } = world;
afterAll(() => world[Symbol.asyncDispose]());

interface Estimate {
  rows: number;
  bytes: number;
}

test('the estimate equals the export that is then created', async () => {
  const estimate = (user: TestUser, body: object) =>
    user.json<Estimate>('POST', '/exports/estimate', { body });
  expect(await estimate(owner, { filters: { category: 'auth' } })).toMatchObject({
    rows: 20,
    rowsExact: true,
    maxRows: MAX_ROWS,
    allowed: true,
  });
  const job = await finish(await create(owner, {}));
  const { rows, bytes } = await estimate(owner, {});
  expect([rows, bytes]).toEqual([job.rowsExported, job.bytes]);
  // The sample contains all of these few events, so the remaining difference is the overhead of a compressed file.
  for (const [format, compression, off] of [
    ['CSV', 'none', 0],
    ['CSV', 'gzip', 150],
    ['JSONL', 'zstd', 20],
  ] as const) {
    const made = await finish(await create(owner, { format, compression }));
    const estimated = await estimate(owner, { format, compression });
    expect(
      Math.abs(estimated.bytes - Number(made.bytes)),
      `${format} ${compression}`,
    ).toBeLessThanOrEqual(off);
  }
  expect(await estimate(owner, { filters: { category: 'none' } })).toMatchObject({
    rows: 0,
    bytes: 0,
  });
  expect(await estimate(owner, { limit: 7 })).toMatchObject({ rows: 7 });
  const savedExplorerViewId = await view(owner, { category: 'user' });
  expect(await estimate(owner, { savedExplorerViewId })).toMatchObject({ rows: 20 });
  await expectProblem(
    await member.request('POST', '/exports/estimate', { body: {} }),
    'WORKSPACE_REQUIRED',
  );
});

test(
  'an export that takes over two seconds to count is estimated by the planner and can still be created',
  async () => {
    await region.owner.query('ANALYZE events');
    const blocker = await region.owner.connect();
    try {
      // Counting reads the rollup, which is locked until the end of this test; the events can be read.
      await blocker.query('BEGIN; LOCK TABLE event_rollup IN ACCESS EXCLUSIVE MODE');
      const [estimate, job] = await Promise.all([
        owner.json<Estimate>('POST', '/exports/estimate', { body: {} }),
        create(owner, {}),
      ]);
      expect(estimate).toMatchObject({ rowsExact: false, allowed: true, maxRows: MAX_ROWS });
      expect(estimate.rows).toBeGreaterThan(0);
      expect(estimate.bytes).toBeGreaterThan(0);
      expect(job.rowsExpected).toBeNull();
      await blocker.query('ROLLBACK');
      expect(await finish(job)).toMatchObject({ status: 'succeeded' });
    } finally {
      await blocker.query('ROLLBACK');
      blocker.release();
    }
  },
  patient(15_000),
);

test('the estimate has rows and no bytes if no event can be measured in time', async () => {
  const blocker = await region.owner.connect();
  try {
    // Counting reads only the rollup; measuring waits for the locked events until it is canceled.
    await blocker.query('BEGIN; LOCK TABLE events IN ACCESS EXCLUSIVE MODE');
    expect(await owner.json<Estimate>('POST', '/exports/estimate', { body: {} })).toMatchObject({
      rows: 40,
      rowsExact: true,
      bytes: null,
    });
  } finally {
    await blocker.query('ROLLBACK');
    blocker.release();
  }
  // The connection of the canceled statement can still be used.
  const again = await owner.json<Estimate>('POST', '/exports/estimate', { body: {} });
  expect(again.bytes).toBeGreaterThan(0);
});

test('an export over the maximum is estimated as not allowed, and creating it is refused', async () => {
  const large = await region.company();
  const [workspaceId] = large.workspaceIds;
  const events = Array.from({ length: MAX_ROWS + 1 }, () => ({
    workspaceId,
    category: 'c',
    action: 'a',
  }));
  await api.request(await region.key(large), 'POST', '/v1/events', { body: { events } });
  const user = testUser(api, { companyId: large.id });
  expect(await user.json('POST', '/exports/estimate', { body: {} })).toMatchObject({
    rows: MAX_ROWS + 1,
    allowed: false,
  });
  const refused = await user.request('POST', '/exports', { body: { format: 'CSV' } });
  expect(await expectProblem(refused, 'EXPORT_TOO_LARGE')).toMatchObject({
    rows: MAX_ROWS + 1,
    maxRows: MAX_ROWS,
  });
});
