import type { ResolvedEventQuery } from '../events/event-query.ts';
import type { Cut } from '../events/event-filter.ts';
import { type RawBuilder, sql } from '../regions/sql.ts';
import { EXPORT_FAILURES, type FailureCode } from './export-failure.ts';
import type { ExportStatus } from './export-state.ts';
import type { Compression } from './formats/compression.ts';
import type { ExportFormat } from './formats/format.ts';

/** A row of export_jobs, as every query of it selects it (EXPORT_JOB_COLUMNS). */
export interface ExportJob {
  readonly companyId: string;
  readonly jobId: string;
  readonly workspaceIds: readonly string[];
  readonly requestedByType: 'user' | 'api_key';
  readonly requestedById: string;
  readonly requestedByLabel: string;
  readonly source: 'HOT';
  readonly format: ExportFormat;
  readonly compression: Compression;
  readonly csvFormulaGuard: boolean;
  readonly csvBom: boolean;
  readonly filters: ResolvedEventQuery;
  readonly savedExplorerViewId: string | null;
  readonly templateId: string | null;
  readonly rerunOf: string | null;
  readonly purpose: string | null;
  readonly rowLimit: number | null;
  readonly maxRows: number;
  readonly status: ExportStatus;
  readonly attempt: number;
  readonly lease: number;
  readonly cancelRequestedAt: Date | null;
  readonly failureCode: FailureCode | null;
  readonly cut: Cut | null;
  readonly rowsExported: number;
  readonly rowsExpected: number | null;
  readonly rowsExpectedExact: boolean;
  readonly bytes: number | null;
  readonly sha256: string | null;
  readonly contentSha256: string | null;
  readonly truncated: boolean;
  readonly artifactKey: string | null;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly artifactExpiresAt: Date | null;
}

export const EXPORT_JOB_COLUMNS: RawBuilder<ExportJob> = sql`
  company_id AS "companyId", job_id AS "jobId", workspace_ids AS "workspaceIds",
  requested_by_type AS "requestedByType", requested_by_id AS "requestedById", requested_by_label AS "requestedByLabel",
  source, format, compression, csv_formula_guard AS "csvFormulaGuard", csv_bom AS "csvBom", filters,
  saved_explorer_view_id AS "savedExplorerViewId", template_id AS "templateId", rerun_of AS "rerunOf",
  purpose, row_limit AS "rowLimit", max_rows AS "maxRows", status, attempt, lease,
  cancel_requested_at AS "cancelRequestedAt", failure_code AS "failureCode", cut,
  rows_exported AS "rowsExported", rows_expected AS "rowsExpected", rows_expected_exact AS "rowsExpectedExact",
  bytes, encode(sha256, 'hex') AS sha256, encode(content_sha256, 'hex') AS "contentSha256", truncated,
  artifact_key AS "artifactKey", created_at AS "createdAt", started_at AS "startedAt", finished_at AS "finishedAt",
  artifact_expires_at AS "artifactExpiresAt"`;

/** The job as JSON (DESIGN 5): flat, absent is null, counts are numbers, times ISO 8601 UTC. */
export function exportJobJson(job: ExportJob) {
  const failure = job.failureCode === null ? undefined : EXPORT_FAILURES[job.failureCode];
  return {
    jobId: job.jobId,
    companyId: job.companyId,
    workspaceIds: job.workspaceIds,
    requestedBy: { type: job.requestedByType, id: job.requestedById, label: job.requestedByLabel },
    source: job.source,
    format: job.format,
    compression: job.compression,
    csv: { formulaGuard: job.csvFormulaGuard, bom: job.csvBom },
    filters: job.filters,
    savedExplorerViewId: job.savedExplorerViewId,
    templateId: job.templateId,
    rerunOf: job.rerunOf,
    purpose: job.purpose,
    limit: job.rowLimit,
    status: job.status,
    rowsExported: job.rowsExported,
    rowsExpected: job.rowsExpected,
    bytes: job.bytes,
    sha256: job.sha256,
    contentSha256: job.contentSha256,
    truncated: job.truncated,
    attempt: job.attempt,
    cancelRequestedAt: job.cancelRequestedAt?.toISOString() ?? null,
    failureCode: job.failureCode,
    failureSummary: failure?.summary ?? null,
    retryHint: failure?.hint ?? null,
    createdAt: job.createdAt.toISOString(),
    startedAt: job.startedAt?.toISOString() ?? null,
    finishedAt: job.finishedAt?.toISOString() ?? null,
    artifactExpiresAt: job.artifactExpiresAt?.toISOString() ?? null,
  };
}
