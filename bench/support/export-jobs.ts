import { setTimeout as wait } from 'node:timers/promises';
import { createExport } from '../../server/src/exports/request/create-export.ts';
import type { ExportRequest } from '../../server/src/exports/request/export-request.ts';
import type { ExportJob } from '../../server/src/exports/export-job.ts';
import { findExport } from '../../server/src/exports/request/sql/find-export.ts';
import { openPool } from '../../server/src/regions/connect.ts';
import { openQueue } from '../../server/src/regions/queue.ts';
import { inCompany } from '../../server/src/regions/transaction.ts';
import type { BenchRegion } from './bench-region.ts';

const POLL_MS = 10;

const DEFAULTS: ExportRequest = {
  format: 'JSONL',
  compression: 'none',
  csv: { formulaGuard: true, bom: false },
  filters: { version: 1 },
  limit: null,
  purpose: null,
};

/** Creates jobs of a company, by default JSONL of all events, and waits until each has succeeded. */
export interface ExportJobs extends AsyncDisposable {
  run(request?: Partial<ExportRequest>): Promise<ExportJob>;
}

export function openJobs(region: BenchRegion, companyId: string): ExportJobs {
  const pool = openPool(region.url, { role: 'api' });
  const queue = openQueue(region.url, 'api');
  return {
    run: async (request = {}) => {
      const { job } = await createExport(
        { pool, queue, maxRows: 1_000_000_000, maxRunning: 2 },
        {
          scope: { companyId, workspaces: { kind: 'all' } },
          actor: { type: 'api_key', id: 'bench', label: 'bench' },
          origin: { requestId: 'bench', ip: '127.0.0.1', userAgent: null },
          request: { ...DEFAULTS, ...request },
          idempotencyKey: undefined,
        },
      );
      let current: ExportJob | undefined = job;
      while (current?.status !== 'succeeded') {
        if (current === undefined || current.status === 'failed')
          throw new Error(`the job failed: ${current?.failureCode}`);
        await wait(POLL_MS);
        current = await inCompany(pool, companyId, (client) =>
          findExport(client, companyId, job.jobId),
        );
      }
      return current;
    },
    [Symbol.asyncDispose]: async () => {
      await queue.stop({ graceful: false });
      await pool.end();
    },
  };
}
