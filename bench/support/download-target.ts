import { createHash } from 'node:crypto';
import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import { createDemoAccounts } from '@exhibit/dashboard/demo';
import { ensureDashboardKeys } from '../../exhibit/commands/dashboard-keys.ts';
import { artifactKey } from '../../server/src/exports/artifact/artifact-key.ts';
import { migrateDatabase } from '../../server/src/regions/migrate.ts';
import { PERMISSIONS } from '../../server/src/tenancy/api-key.ts';
import { issueApiKey } from '../../server/src/tenancy/issue-api-key.ts';
import { provisionCompany } from '../../server/src/tenancy/sql/provision-company.ts';
import {
  type MeasuredProcess,
  startExhibitProcess,
} from '../../testing/processes/exhibit-process.ts';
import type { BenchRegion } from './bench-region.ts';

const COMPANY = {
  id: '0198c1de-0000-7000-8000-0000000000d1',
  name: 'Bench',
  region: 'us',
  workspaces: [{ id: '0198c1de-0000-7000-8000-0000000000d2', name: 'Bench' }],
} as const;
const JOB = '0198c1de-0000-7000-8000-0000000000d3';
const OWNER = { email: 'owner@bench.test', password: 'a bench of its own' };
const LINE_BYTES = 1_000;
const BLOCK_LINES = 1_000;

/** A finished export of `rows` lines of 1,000 bytes, and the api and dashboard that serve it. */
export interface DownloadTarget extends AsyncDisposable {
  readonly file: string;
  readonly workspaceId: string;
  readonly api: MeasuredProcess;
  readonly dashboard: MeasuredProcess;
  readonly apiDownload: Download;
  readonly dashboardDownload: Download;
}

export interface Download {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Writes the finished job directly into database and store, because only the download is measured. */
export async function openDownloadTarget(
  region: BenchRegion,
  rows: number,
): Promise<DownloadTarget> {
  await region.postgres.ensureDatabase('exhibit_dashboard');
  const dashboardDatabase = region.postgres.url('exhibit_dashboard');
  await migrateDatabase(dashboardDatabase, 'dashboard');
  await provisionCompany(region.owner, COMPANY);
  const account = { ...OWNER, name: 'Owner', role: 'OWNER' as const, workspaceIds: [] };
  await createDemoAccounts(dashboardDatabase, [COMPANY], [{ ...account, companyId: COMPANY.id }]);
  const { key } = await issueApiKey(region.owner, 'us', {
    companyId: COMPANY.id,
    name: 'bench',
    workspaceId: null,
    permissions: PERMISSIONS,
    expiresAt: null,
  });
  const artifacts = join(region.directory, 'artifacts');
  const file = await storeFinishedJob(region, artifacts, rows);
  const shared = { DASHBOARD_TOKEN_KEYS: await ensureDashboardKeys(region.directory) };
  const api = await startExhibitProcess('api', {
    ...shared,
    API_PORT: '0',
    REGION_DATABASE_URLS: `us=${region.url}`,
    ARTIFACT_STORES: `us=${pathToFileURL(artifacts).href}`,
  });
  const dashboard = await startExhibitProcess('dashboard', {
    ...shared,
    API_URL: api.ready,
    DASHBOARD_PORT: '0',
    DASHBOARD_DATABASE_URL: dashboardDatabase,
    REGION_DATABASE_URLS: `us=${region.url}`,
    MAX_DOWNLOAD_BYTES: String(100 * 1024 ** 3),
  });
  return {
    file,
    workspaceId: COMPANY.workspaces[0].id,
    api,
    dashboard,
    apiDownload: {
      url: `${api.ready}/v1/exports/${JOB}/download`,
      headers: { authorization: `Bearer ${key}` },
    },
    dashboardDownload: {
      url: `${dashboard.ready}/api/exports/${JOB}/download`,
      headers: { cookie: await signIn(dashboard.ready) },
    },
    [Symbol.asyncDispose]: async () => {
      await dashboard[Symbol.asyncDispose]();
      await api[Symbol.asyncDispose]();
    },
  };
}

async function storeFinishedJob(
  region: BenchRegion,
  artifacts: string,
  rows: number,
): Promise<string> {
  const job = { companyId: COMPANY.id, jobId: JOB, attempt: 1, lease: 1 };
  const key = artifactKey({ ...job, format: 'JSONL', compression: 'none' });
  const file = join(artifacts, key);
  mkdirSync(dirname(file), { recursive: true });
  const sha256 = createHash('sha256');
  const block = Buffer.from(`{"x":"${'0'.repeat(LINE_BYTES - 9)}"}\n`.repeat(BLOCK_LINES));
  await pipeline(
    function* lines() {
      for (let left = rows; left > 0; left -= BLOCK_LINES) {
        const chunk = block.subarray(0, Math.min(left, BLOCK_LINES) * LINE_BYTES);
        sha256.update(chunk);
        yield chunk;
      }
    },
    createWriteStream(file, { mode: 0o600 }),
  );
  const digest = sha256.digest();
  await region.owner.query(
    `INSERT INTO export_jobs (company_id, job_id, workspace_ids, requested_by_type, requested_by_id, requested_by_label,
       source, format, compression, csv_formula_guard, csv_bom, filters, max_rows, status, attempt, lease, rows_exported,
       bytes, sha256, content_sha256, artifact_key, started_at, finished_at, artifact_expires_at)
     VALUES ($1, $2, $3, 'api_key', 'bench', 'bench', 'HOT', 'JSONL', 'none', true, false, '{"version":1}', $4, 'succeeded',
       1, 1, $4, $5, $6, $6, $7, now(), now(), now() + interval '1 day')`,
    [COMPANY.id, JOB, COMPANY.workspaces.map(({ id }) => id), rows, rows * LINE_BYTES, digest, key],
  );
  return file;
}

async function signIn(dashboardUrl: string): Promise<string> {
  const answer = await fetch(`${dashboardUrl}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(OWNER),
  });
  const [cookie] = answer.headers.getSetCookie();
  if (cookie === undefined) throw new Error(`sign-in returned ${answer.status}`);
  return cookie.split(';')[0] ?? '';
}
