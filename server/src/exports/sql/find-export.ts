import { type Queryable, query, sql } from '../../regions/sql.ts';
import { EXPORT_JOB_COLUMNS, type ExportJob } from '../export-job.ts';

export async function findExport(
  client: Queryable,
  companyId: string,
  jobId: string,
): Promise<ExportJob | undefined> {
  const [job] = await query(
    client,
    sql<ExportJob>`
      SELECT ${EXPORT_JOB_COLUMNS} FROM export_jobs
      WHERE company_id = ${companyId} AND job_id = ${jobId}`,
  );
  return job;
}
