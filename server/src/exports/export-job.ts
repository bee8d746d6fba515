import type { ResolvedEventQuery } from '../../../contract/event-query.ts';
import type { Cut } from '../events/query/event-filter.ts';
import { EXPORT_FAILURES, type FailureCode } from './export-failure.ts';
import { type ExportStatus, isTerminal } from '../../../contract/export-state.ts';
import { waitReason } from './wait/export-wait.ts';
import { rowsExpectedJson } from './rows-expected.ts';
import type { Compression } from './formats/compression.ts';
import type { CsvSettings } from './formats/csv.ts';
import type { CsvColumn } from '../../../contract/csv-columns.ts';
import type { ExportFormat } from './formats/format.ts';

/** A row of export_jobs, as every query selects it (sql/export-job-columns.ts). */
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
  /** null for the default columns. */
  readonly csvColumns: readonly CsvColumn[] | null;
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
  /** The store refused to remove parts of the file; the next sweep tries again. */
  readonly unfinishedPartsRemain: boolean;
  /** Lowest worker version that can run the job. */
  readonly minWorkerVersion: number;
  /** A WaitCode, or a code stored by a newer version. */
  readonly waitCode: string | null;
  readonly waitDetail: string | null;
  readonly waitSince: Date | null;
  readonly nextTryAt: Date | null;
  /** Failures of the store or database that did not cost an attempt. */
  readonly retries: number;
  readonly artifactDeletedAt: Date | null;
  readonly artifactDeletedByType: 'user' | 'api_key' | null;
  readonly artifactDeletedById: string | null;
  readonly artifactDeletedByLabel: string | null;
}

/** CSV options of the job; `columns` is absent for the default columns. */
export function csvSettings(
  job: Pick<ExportJob, 'csvFormulaGuard' | 'csvBom' | 'csvColumns'>,
): CsvSettings {
  const { csvFormulaGuard: formulaGuard, csvBom: bom, csvColumns: columns } = job;
  return { formulaGuard, bom, ...(columns === null ? {} : { columns }) };
}

/** The job as JSON (guarantee 11): flat, with null for absent values, counts as numbers and times in ISO 8601 UTC. */
export function exportJobJson(job: ExportJob) {
  const failure = job.failureCode === null ? undefined : failureOf(job.failureCode);
  return {
    jobId: job.jobId,
    companyId: job.companyId,
    workspaceIds: job.workspaceIds,
    requestedBy: { type: job.requestedByType, id: job.requestedById, label: job.requestedByLabel },
    source: job.source,
    format: job.format,
    compression: job.compression,
    csv: csvSettings(job),
    filters: job.filters,
    savedExplorerViewId: job.savedExplorerViewId,
    templateId: job.templateId,
    rerunOf: job.rerunOf,
    purpose: job.purpose,
    limit: job.rowLimit,
    status: job.status,
    rowsExported: job.rowsExported,
    rowsExpected: job.rowsExpected,
    ...rowsExpectedJson(job),
    bytes: job.bytes,
    sha256: job.sha256,
    contentSha256: job.contentSha256,
    truncated: job.truncated,
    attempt: job.attempt,
    cancelRequestedAt: job.cancelRequestedAt?.toISOString() ?? null,
    failureCode: job.failureCode,
    failureSummary: failure === undefined ? null : summaryOf(failure.summary, job),
    retryHint: failure?.hint ?? null,
    createdAt: job.createdAt.toISOString(),
    startedAt: job.startedAt?.toISOString() ?? null,
    finishedAt: job.finishedAt?.toISOString() ?? null,
    artifactExpiresAt: job.artifactExpiresAt?.toISOString() ?? null,
    unfinishedPartsRemain: job.unfinishedPartsRemain,
    waitingFor: waitingFor(job),
    artifactDeletedAt: job.artifactDeletedAt?.toISOString() ?? null,
    artifactDeletedBy: artifactDeletedBy(job),
  };
}

/** undefined for a code stored by a newer version. */
function failureOf(code: string): { summary: string; hint: string } | undefined {
  const known: Readonly<Record<string, { summary: string; hint: string }>> = EXPORT_FAILURES;
  return known[code];
}

/** Why an unfinished job does not progress now; null while it does. */
function waitingFor(job: ExportJob) {
  const { waitCode, waitDetail, waitSince, nextTryAt } = job;
  if (waitCode === null || isTerminal(job.status)) return null;
  return {
    code: waitCode,
    reason: waitReason(waitCode, waitDetail),
    since: waitSince?.toISOString() ?? null,
    nextTryAt: nextTryAt?.toISOString() ?? null,
  };
}

function artifactDeletedBy(job: ExportJob) {
  const {
    artifactDeletedByType: type,
    artifactDeletedById: id,
    artifactDeletedByLabel: label,
  } = job;
  return type === null || id === null ? null : { type, id, label: label ?? '' };
}

/** The sentence "Nothing was kept" would be false while the store holds parts of the file. */
function summaryOf(summary: string, { unfinishedPartsRemain }: ExportJob): string {
  if (!unfinishedPartsRemain) return summary;
  return `${summary.replace(/ Nothing was kept\.$/, '')} Unfinished parts remain in the artifact store until its sweep removes them.`;
}
