import type { ResolvedEventQuery } from '../../../../../contract/event-query.ts';
import { type Queryable, query, sql } from '../../../regions/sql.ts';
import type { Actor } from '../../../tenancy/audit-log.ts';
import type { ExportLineage, ExportRequest } from '../export-request.ts';
import type { ExportJob } from '../../export-job.ts';
import { minWorkerVersion } from '../../run/worker-version.ts';
import { exportJobColumns } from '../../run/sql/export-job-columns.ts';
import { requireCsvColumns } from './has-csv-columns.ts';
import { hasExportWaits } from '../../wait/sql/has-export-waits.ts';

interface NewExport extends Omit<ExportRequest, 'filters'>, ExportLineage {
  readonly companyId: string;
  readonly jobId: string;
  readonly workspaceIds: readonly string[];
  readonly filters: ResolvedEventQuery;
  readonly actor: Actor;
  readonly maxRows: number;
  readonly rowsExpected: number | null;
}

/** Inserts a pending job. */
export async function insertExport(client: Queryable, job: NewExport): Promise<ExportJob> {
  const columns = await exportJobColumns(client);
  const versioned = await hasExportWaits(client);
  const csvColumns = job.csv.columns;
  if (csvColumns !== undefined) await requireCsvColumns(client);
  const [row] = await query(
    client,
    sql<ExportJob>`
      INSERT INTO export_jobs (company_id, job_id, workspace_ids, requested_by_type, requested_by_id, requested_by_label,
        source, format, compression, csv_formula_guard, csv_bom, filters, purpose, row_limit, max_rows, rows_expected,
        saved_explorer_view_id, template_id, rerun_of${versioned ? sql`, min_worker_version` : sql``}${csvColumns ? sql`, csv_columns` : sql``})
      VALUES (${job.companyId}, ${job.jobId}, ${[...job.workspaceIds]}::uuid[], ${job.actor.type}, ${job.actor.id}, ${job.actor.label},
        'HOT', ${job.format}, ${job.compression}, ${job.csv.formulaGuard}, ${job.csv.bom}, ${JSON.stringify(job.filters)}::json,
        ${job.purpose}, ${job.limit}, ${job.maxRows}, ${job.rowsExpected},
        ${job.savedExplorerViewId}, ${job.templateId}, ${job.rerunOf}${versioned ? sql`, ${minWorkerVersion(job.filters, job.csv)}` : sql``}${csvColumns ? sql`, ${[...csvColumns]}::text[]` : sql``})
      RETURNING ${columns}`,
  );
  if (row === undefined) throw new Error('the job was not stored');
  return row;
}
