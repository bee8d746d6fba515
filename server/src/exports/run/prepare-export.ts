import type pg from 'pg';
import type { Cut } from '../../events/query/event-filter.ts';
import { inCompany } from '../../regions/transaction.ts';
import { COUNT_TIMEOUT_MS, countWithinLimit, withTimeLimit } from '../request/estimate-rows.ts';
import type { ExportJob } from '../export-job.ts';
import { type IdRange, planSlices, type SliceSize } from '../read/slices.ts';
import { countByHour } from '../read/sql/count-by-hour.ts';
import { readHeads } from '../../events/explore/sql/read-heads.ts';
import { storeCut } from './sql/store-cut.ts';

/**
 * Stores the cut of the job. The heads and the expected rows are read in one snapshot, so a known count is the exact
 * number of rows that the file must have, from a source independent of the file. @returns undefined if the attempt
 * has lost its lease
 */
export async function fixCut(pool: pg.Pool, job: ExportJob): Promise<ExportJob | undefined> {
  if (job.cut !== null) return job;
  let cut: Cut | undefined;
  let rowsExpected: number | null = null;
  const scope = { companyId: job.companyId, workspaceIds: job.workspaceIds };
  await withTimeLimit(() =>
    inCompany(
      pool,
      job.companyId,
      async (client) => {
        cut = await readHeads(client, job.companyId, job.workspaceIds);
        rowsExpected = await countWithinLimit(client, job.filters, scope);
      },
      'REPEATABLE READ',
    ),
  );
  if (cut === undefined) throw new Error('the heads were not read');
  if (rowsExpected !== null && job.rowLimit !== null)
    rowsExpected = Math.min(rowsExpected, job.rowLimit);
  const { companyId, jobId, lease } = job;
  const fixed = { companyId, jobId, lease, cut, rowsExpected };
  const stored = await inCompany(pool, companyId, (client) => storeCut(client, fixed));
  return stored
    ? { ...job, cut, rowsExpected, rowsExpectedExact: rowsExpected !== null }
    : undefined;
}

/** Slices of the job's ID range, computed from the rollup; one slice if the rollup does not answer in time. */
export async function sliceExport(
  pool: pg.Pool,
  job: ExportJob,
  size: SliceSize,
): Promise<IdRange[]> {
  const scope = { companyId: job.companyId, workspaceIds: job.workspaceIds };
  const hours = await withTimeLimit(() =>
    inCompany(pool, job.companyId, async (client) => {
      await client.query(`SET LOCAL statement_timeout = ${COUNT_TIMEOUT_MS}`);
      return countByHour(client, job.filters, scope);
    }),
  );
  return planSlices(job.filters, hours ?? [], size);
}
