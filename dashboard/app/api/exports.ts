import type { ExportJob } from '@exhibit/client';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { EventQuery } from './event-query.ts';
import { call, getJson } from './http.ts';
import type { List } from './list.ts';

export type { ExportJob } from '@exhibit/client';
export type ExportFormat = ExportJob['format'];
export type Compression = ExportJob['compression'];
export type CsvOptions = ExportJob['csv'];

export interface ExportOptions {
  readonly format: ExportFormat;
  readonly compression?: Compression;
  readonly csv?: Partial<CsvOptions>;
  /** Maximum number of events. */
  readonly limit?: number;
  /** The reason or a ticket; stored with the job. */
  readonly purpose?: string;
}

export interface NewExport extends ExportOptions {
  /** A null field removes that filter of the saved view. */
  readonly filters?: { readonly [Field in keyof EventQuery]: EventQuery[Field] | null };
  readonly savedExplorerViewId?: string;
}

export interface Estimate {
  readonly rows: number;
  readonly rowsExact: boolean;
  /** Estimated size; null if it could not be estimated in time. */
  readonly bytes: number | null;
  readonly maxRows: number;
  readonly allowed: boolean;
}

interface Capability {
  readonly supported: boolean;
  /** A message for users; null if supported. */
  readonly reason: string | null;
}

export interface Capabilities {
  readonly filteredHotExports: Capability;
  readonly templates: Capability;
  readonly savedViews: Capability;
  readonly formats: Readonly<Record<ExportFormat, Capability>>;
  readonly sources: Readonly<Record<'HOT' | 'ARCHIVED' | 'HOT_AND_ARCHIVED', Capability>>;
}

/** Bytes used by the company's export files; null if unknown. */
export interface ExportUsage {
  readonly files: number | null;
  readonly artifactBytes: number | null;
  /** null: unlimited */
  readonly maxArtifactBytes: number | null;
}

export interface ExportListFilter {
  readonly status?: readonly string[] | undefined;
  readonly format?: string | undefined;
  /** ID of a user or API key. */
  readonly requestedBy?: string | undefined;
  readonly workspaceId?: string | undefined;
  /** Only reruns of this job. */
  readonly rerunOf?: string | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

const ROOT = '/api/dashboard/exports';

export function exportsQuery(filter: ExportListFilter) {
  return queryOptions({
    queryKey: ['exports', 'list', filter],
    queryFn: ({ signal }) => getJson<List<ExportJob>>(ROOT, { parameters: { ...filter }, signal }),
    placeholderData: keepPreviousData,
  });
}

export function exportQuery(jobId: string) {
  return queryOptions({
    queryKey: ['exports', 'one', jobId],
    queryFn: ({ signal }) => getJson<ExportJob>(`${ROOT}/${encodeURIComponent(jobId)}`, { signal }),
  });
}

export const capabilitiesQuery = queryOptions({
  queryKey: ['exports', 'capabilities'],
  queryFn: ({ signal }) => getJson<Capabilities>(`${ROOT}/capabilities`, { signal }),
  staleTime: 15_000,
});

export const exportUsageQuery = queryOptions({
  queryKey: ['exports', 'usage'],
  queryFn: ({ signal }) => getJson<ExportUsage>(`${ROOT}/usage`, { signal }),
  staleTime: 15_000,
});

/** Estimates the events and bytes of an export. */
export function estimateQuery(request: Omit<NewExport, 'purpose'>) {
  return queryOptions({
    queryKey: ['exports', 'estimate', request],
    queryFn: async ({ signal }) =>
      (await call<Estimate>('POST', `${ROOT}/estimate`, { body: request, signal })).body,
    staleTime: 30_000,
  });
}

/** @param jobId the new job's ID: repeating the request after an unclear failure creates no second job */
export async function createExport(request: NewExport, jobId: string): Promise<ExportJob> {
  return (
    await call<ExportJob>('POST', ROOT, { body: request, headers: { 'idempotency-key': jobId } })
  ).body;
}

export async function rerunExport(jobId: string, newJobId: string): Promise<ExportJob> {
  const path = `${ROOT}/${encodeURIComponent(jobId)}/rerun`;
  return (await call<ExportJob>('POST', path, { headers: { 'idempotency-key': newJobId } })).body;
}

export async function cancelExport(jobId: string): Promise<ExportJob> {
  return (await call<ExportJob>('POST', `${ROOT}/${encodeURIComponent(jobId)}/cancel`)).body;
}

/** Deletes the file permanently; the job stays. */
export async function deleteExportFile(jobId: string): Promise<ExportJob> {
  return (await call<ExportJob>('DELETE', `${ROOT}/${encodeURIComponent(jobId)}/artifact`)).body;
}

/** The URL of the file. */
export function downloadPath(jobId: string): string {
  return `/api/exports/${encodeURIComponent(jobId)}/download`;
}
