import { createHash } from 'node:crypto';
import { inCompany } from '../server/src/regions/transaction.ts';
import { createExport } from '../server/src/exports/request/create-export.ts';
import type { ExportRequest } from '../server/src/exports/request/export-request.ts';
import type { ExportJob } from '../server/src/exports/export-job.ts';
import { findExport } from '../server/src/exports/request/sql/find-export.ts';
import type { TestCompany, TestRegion } from './test-region.ts';
import { patient } from './patience.ts';

const DEFAULTS: ExportRequest = {
  format: 'JSONL',
  compression: 'none',
  csv: { formulaGuard: true, bom: false },
  filters: { version: 1 },
  limit: null,
  purpose: null,
};

/** Creates a pending job of the whole company in the same way as the api. */
export async function createTestExport(
  region: TestRegion,
  company: TestCompany,
  request: Partial<ExportRequest> = {},
  maxRows = 1_000_000,
): Promise<ExportJob> {
  const { pool, queue } = region.api;
  const { job } = await createExport(
    { pool, queue, maxRows, maxRunning: 2 },
    {
      scope: { companyId: company.id, workspaces: { kind: 'all' } },
      actor: { type: 'api_key', id: 'test', label: 'test' },
      origin: { requestId: 'test', ip: '127.0.0.1', userAgent: null },
      request: { ...DEFAULTS, ...request },
      idempotencyKey: undefined,
    },
  );
  return job;
}

export async function readExport(
  region: TestRegion,
  { companyId, jobId }: ExportJob,
): Promise<ExportJob> {
  const job = await inCompany(region.api.pool, companyId, (client) =>
    findExport(client, companyId, jobId),
  );
  if (job === undefined) throw new Error('the job does not exist');
  return job;
}

/** Polls until the job satisfies the condition. */
export async function exportReaches(
  region: TestRegion,
  job: ExportJob,
  reached: (job: ExportJob) => boolean,
  timeoutMs = 30_000,
): Promise<ExportJob> {
  const deadline = performance.now() + patient(timeoutMs);
  for (;;) {
    const current = await readExport(region, job);
    if (reached(current)) return current;
    if (performance.now() > deadline)
      throw new Error(
        `the job stayed ${current.status} (${current.failureCode}), attempt ${current.attempt}`,
      );
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** SHA-256 of the lines within a cut, in id order. Reads them as the owner and independently of the export engine. */
export async function expectedContentSha256(
  region: TestRegion,
  companyId: string,
  cut: Readonly<Record<string, number>>,
): Promise<string> {
  const { rows } = await region.owner.query<{
    id: string;
    workspace_id: string;
    seq: number;
    line: string;
  }>('SELECT id, workspace_id, seq, line FROM events WHERE company_id = $1', [companyId]);
  const hash = createHash('sha256');
  const covered = rows.filter((row) => row.seq <= (cut[row.workspace_id] ?? 0));
  for (const { line } of covered.sort((a, b) => (a.id < b.id ? -1 : 1))) hash.update(`${line}\n`);
  return hash.digest('hex');
}

/** Every object in the artifact store, including unfinished ones, except those of running probes. */
export async function storedObjects(region: TestRegion): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key, partial } of region.store.list(''))
    if (!key.startsWith('exhibit-probe-')) keys.push(partial ? `${key} (partial)` : key);
  return keys;
}
