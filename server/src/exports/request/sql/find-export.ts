import { type Queryable, query, sql } from '../../../regions/sql.ts';
import type { ExportJob } from '../../export-job.ts';
import { exportJobColumns } from '../../run/sql/export-job-columns.ts';

export async function findExport(
  client: Queryable,
  companyId: string,
  jobId: string,
): Promise<ExportJob | undefined> {
  const columns = await exportJobColumns(client);
  const [job] = await query(
    client,
    sql<ExportJob>`
      SELECT ${columns} FROM export_jobs
      WHERE company_id = ${companyId} AND job_id = ${jobId}`,
  );
  return job;
}
