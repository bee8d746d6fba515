import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ExportWorker,
  startExportWorker,
} from '../../../server/src/exports/run/export-worker.ts';
import { startTestApi } from '../../../testing/test-api.ts';
import {
  createTestRegion,
  type TestCompany,
  type TestRegion,
} from '../../../testing/test-region.ts';

/** A real server for one test file, with a company, an API key and a temporary directory. */
export interface TestServer extends AsyncDisposable {
  readonly region: TestRegion;
  readonly url: string;
  readonly company: TestCompany;
  readonly workspaceId: string;
  /** A company-wide key with all permissions. */
  readonly key: string;
  readonly directory: string;
  /** Creates another company, for tests that count events. */
  anotherCompany(): Promise<{ readonly company: TestCompany; readonly key: string }>;
  /** Number of events of a company, counted with the owner role. */
  eventCount(companyId: string): Promise<number>;
}

/** @param options.worker if false, jobs stay pending */
export async function startTestServer(
  options: { readonly worker?: boolean } = {},
): Promise<TestServer> {
  const region = await createTestRegion();
  const api = await startTestApi([region.api]);
  const worker: ExportWorker | undefined =
    options.worker === false ? undefined : await startExportWorker(region.worker());
  const directory = await mkdtemp(join(tmpdir(), 'exhibit-client-'));
  const anotherCompany = async () => {
    const company = await region.company();
    return { company, key: await region.key(company) };
  };
  const { company, key } = await anotherCompany();
  return {
    region,
    url: api.url,
    company,
    workspaceId: company.workspaceIds[0],
    key,
    directory,
    anotherCompany,
    eventCount: async (companyId) => {
      const counted = 'SELECT count(*)::int AS count FROM events WHERE company_id = $1';
      const { rows } = await region.owner.query<{ count: number }>(counted, [companyId]);
      return rows[0]?.count ?? 0;
    },
    [Symbol.asyncDispose]: async () => {
      await worker?.stop();
      await api[Symbol.asyncDispose]();
      await region[Symbol.asyncDispose]();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
