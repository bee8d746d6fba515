import { randomUUID } from 'node:crypto';
import { startExportWorker } from '../server/src/exports/run/export-worker.ts';
import { testUser, type TestUser } from './dashboard-user.ts';
import { startTestApi, type TestApi } from './test-api.ts';
import { createTestRegion, type TestCompany, type TestRegion } from './test-region.ts';
import { type ExportJobJson, waitForExport } from './wait-for-export.ts';

/** Maximum number of rows of an export. */
export const MAX_ROWS = 50;

/** A company with forty events, a dashboard api and a running worker. */
export interface DashboardExports extends AsyncDisposable {
  readonly region: TestRegion;
  readonly api: TestApi;
  readonly company: TestCompany;
  /** The member's workspace, which has thirty events. */
  readonly mine: string;
  /** Another workspace, which has ten events. */
  readonly other: string;
  readonly key: string;
  readonly owner: TestUser;
  readonly member: TestUser;
  readonly stopWorker: () => Promise<void>;
  readonly create: (user: TestUser, body: object) => Promise<ExportJobJson>;
  readonly finish: (job: ExportJobJson) => Promise<ExportJobJson>;
  /** Saves a view and returns its id. */
  readonly view: (user: TestUser, query: object, workspaceId?: string | null) => Promise<string>;
}

export async function startDashboardExports(): Promise<DashboardExports> {
  await using stack = new AsyncDisposableStack();
  const region = stack.use(await createTestRegion());
  const api = stack.use(await startTestApi([region.api], { exportMaxRows: MAX_ROWS }));
  const worker = await startExportWorker(region.worker());
  let stopped: Promise<void> | undefined;
  const stopWorker = () => (stopped ??= worker.stop());
  stack.defer(stopWorker);
  const company = await region.company(['Production', 'Staging']);
  const [mine, other] = company.workspaceIds as unknown as [string, string];
  const key = await region.key(company);
  const events = Array.from({ length: 40 }, (_, i) => ({
    workspaceId: i % 4 === 0 ? other : mine,
    category: i % 2 === 0 ? 'auth' : 'user',
    action: 'a',
    timestamp: new Date(Date.parse('2026-05-14T00:00:00Z') + i * 60_000).toISOString(),
  }));
  await api.request(key, 'POST', '/v1/events', { body: { events } });
  const owned = stack.move();
  return {
    region,
    api,
    company,
    mine,
    other,
    key,
    owner: testUser(api, { companyId: company.id }),
    member: testUser(api, { companyId: company.id, role: 'MEMBER', workspaceIds: [mine] }),
    stopWorker,
    create: (user, body) =>
      user.json('POST', '/exports', { body: { format: 'JSONL', ...body }, status: 201 }),
    finish: (job) => waitForExport(api, key, job.jobId),
    view: async (user, query, workspaceId = null) => {
      const body = { name: randomUUID(), query, workspaceId };
      return (await user.json<{ id: string }>('POST', '/explorer/views', { body, status: 201 })).id;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
