import { type Queryable, type RawBuilder, sql } from '../../../regions/sql.ts';
import type { ExportJob } from '../../export-job.ts';
import { hasExportWaits } from '../../wait/sql/has-export-waits.ts';

const ALWAYS = sql`
  company_id AS "companyId", job_id AS "jobId", workspace_ids AS "workspaceIds",
  requested_by_type AS "requestedByType", requested_by_id AS "requestedById", requested_by_label AS "requestedByLabel",
  source, format, compression, csv_formula_guard AS "csvFormulaGuard", csv_bom AS "csvBom", filters,
  saved_explorer_view_id AS "savedExplorerViewId", template_id AS "templateId", rerun_of AS "rerunOf",
  purpose, row_limit AS "rowLimit", max_rows AS "maxRows", status, attempt, lease,
  cancel_requested_at AS "cancelRequestedAt", failure_code AS "failureCode", cut,
  rows_exported AS "rowsExported", rows_expected AS "rowsExpected", rows_expected_exact AS "rowsExpectedExact",
  bytes, encode(sha256, 'hex') AS sha256, encode(content_sha256, 'hex') AS "contentSha256", truncated,
  artifact_key AS "artifactKey", created_at AS "createdAt", started_at AS "startedAt", finished_at AS "finishedAt",
  artifact_expires_at AS "artifactExpiresAt",
  CASE WHEN status IN ('failed', 'canceled')
    THEN coalesce((to_jsonb(export_jobs) ->> 'unfinished_parts_remain')::boolean, false)
    ELSE false END AS "unfinishedPartsRemain",
  to_jsonb(export_jobs) -> 'csv_columns' AS "csvColumns"`;

const WITH_WAITS: RawBuilder<ExportJob> = sql`${ALWAYS},
  min_worker_version AS "minWorkerVersion", wait_code AS "waitCode", wait_detail AS "waitDetail",
  wait_since AS "waitSince", next_try_at AS "nextTryAt", retries,
  artifact_deleted_at AS "artifactDeletedAt", artifact_deleted_by_type AS "artifactDeletedByType",
  artifact_deleted_by_id AS "artifactDeletedById", artifact_deleted_by_label AS "artifactDeletedByLabel"`;

const WITHOUT_WAITS: RawBuilder<ExportJob> = sql`${ALWAYS},
  0 AS "minWorkerVersion", NULL AS "waitCode", NULL AS "waitDetail", NULL::timestamptz AS "waitSince",
  NULL::timestamptz AS "nextTryAt", 0 AS retries, NULL::timestamptz AS "artifactDeletedAt",
  NULL AS "artifactDeletedByType", NULL AS "artifactDeletedById", NULL AS "artifactDeletedByLabel"`;

/** Columns of a job with the names of ExportJob, also in a region without the newest columns. */
export async function exportJobColumns(client: Queryable): Promise<RawBuilder<ExportJob>> {
  return (await hasExportWaits(client)) ? WITH_WAITS : WITHOUT_WAITS;
}
