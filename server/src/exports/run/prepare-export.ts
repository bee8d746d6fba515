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
 * Fixes what the job covers. The heads and the expected rows are read in one snapshot, so where the count is
 * known it is the exact number of rows the file must have, from another source than the file itself.
 * @returns undefined when the attempt lost its lease meanwhile
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

/** Where to cut the job's id range; from the rollup when it answers in time, else one slice. */
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
