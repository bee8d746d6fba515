import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseEventsBody } from '../../events/ingest/parse-events.ts';
import {
  createTestExport,
  expectedContentSha256,
  exportReaches,
} from '../../../../testing/export-job.ts';
import { gateStore } from '../../../../testing/storage/gated-store.ts';
import { makeEvents } from '../../../../testing/make-events.ts';
import {
  createTestRegion,
  type TestCompany,
  type TestRegion,
} from '../../../../testing/test-region.ts';
import { runExport } from './run-export.ts';

const ROWS = 5_000;
const SLICE_ROWS = 500;

let region: TestRegion;

beforeAll(async () => {
  region = await createTestRegion();
});
afterAll(async () => {
  await region?.[Symbol.asyncDispose]();
});

async function generatedCompany(workspaces: readonly string[]): Promise<TestCompany> {
  const company = await region.company(workspaces);
  await makeEvents(region.owner, {
    companyId: company.id,
    workspaceIds: company.workspaceIds,
    rows: ROWS,
  });
  return company;
}

async function ingest(
  company: TestCompany,
  workspaceId: string,
  timestamps: readonly string[],
): Promise<void> {
  const events = timestamps.map((timestamp) => ({
    timestamp,
    category: 'late',
    action: 'arrived',
  }));
  const parsed = parseEventsBody(Buffer.from(JSON.stringify({ events })));
  if (parsed.kind !== 'batch') throw new Error('not a batch');
  const items = parsed.items.flatMap((item) =>
    item.ok ? [{ event: item.event, workspaceId }] : [],
  );
  const stored = await region.api.intake.storeBatch(company.id, items);
  expect(stored.every(({ status }) => status === 'created')).toBe(true);
}

test.each([
  { name: 'one workspace', workspaces: ['Production'] },
  { name: 'several workspaces', workspaces: ['Production', 'Staging', 'Security'] },
])(
  'guarantee 1: an export excludes events committed while it runs, including back-dated ones ($name)',
  async ({ workspaces }) => {
    const company = await generatedCompany(workspaces);
    const job = await createTestExport(region, company);
    const gated = gateStore(region.store);
    const running = runExport(
      { ...(await region.startedWorker({ sliceRows: SLICE_ROWS })), store: gated.store },
      job,
      new AbortController().signal,
    );
    await gated.reached;
    for (const workspaceId of company.workspaceIds) {
      // Times before all events, within the range that is still to be read, and after all events.
      await ingest(company, workspaceId, [
        '1999-12-31T23:59:59Z',
        '2026-01-01T00:01:30.5Z',
        '2026-01-01T00:00:00.000001Z',
        '2026-11-22T00:00:00Z',
      ]);
    }
    gated.open();
    await running;

    const done = await exportReaches(region, job, ({ status }) => status === 'succeeded');
    expect(done.rowsExported).toBe(ROWS);
    expect(done.contentSha256).toBe(
      await expectedContentSha256(region, company.id, done.cut ?? {}),
    );
    const after = await createTestExport(region, company);
    await runExport(await region.startedWorker(), after, new AbortController().signal);
    const complete = await exportReaches(region, after, ({ status }) => status === 'succeeded');
    expect(complete.rowsExported).toBe(ROWS + 4 * workspaces.length);
  },
);

test('guarantee 1: a file excludes events written before and committed after the cut was read', async () => {
  const company = await generatedCompany(['Production']);
  const [workspaceId] = company.workspaceIds;
  const writer = await region.owner.connect();
  try {
    await writer.query('BEGIN');
    await writer.query('UPDATE workspace_heads SET seq = seq + 1 WHERE company_id = $1', [
      company.id,
    ]);
    const written = await writer.query(
      `INSERT INTO events (company_id, workspace_id, id, seq, "timestamp", category, action, line, leaf_hash, verbatim, formula_guard)
       SELECT company_id, workspace_id, (left(id::text, 24) || 'ffffffffffff')::uuid, seq + 1, "timestamp", category, action, line, leaf_hash, verbatim, formula_guard
       FROM events WHERE company_id = $1 AND workspace_id = $2 AND seq = $3`,
      [company.id, workspaceId, ROWS],
    );
    expect(written.rowCount).toBe(1);
    const job = await createTestExport(region, company);
    const gated = gateStore(region.store);
    const deps = { ...(await region.startedWorker({ sliceRows: SLICE_ROWS })), store: gated.store };
    const running = runExport(deps, job, new AbortController().signal);
    await gated.reached;
    await writer.query('COMMIT');
    gated.open();
    await running;
    const done = await exportReaches(region, job, ({ status }) => status === 'succeeded');
    expect(done).toMatchObject({ cut: { [workspaceId]: ROWS }, rowsExported: ROWS });
  } finally {
    writer.release();
  }
});
