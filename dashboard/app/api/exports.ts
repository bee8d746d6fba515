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
  /** At most this many events. */
  readonly limit?: number;
  /** Why, or a ticket; kept on the job. */
  readonly purpose?: string;
}

export interface NewExport extends ExportOptions {
  /** A field that is null clears the saved view's. */
  readonly filters?: { readonly [Field in keyof EventQuery]: EventQuery[Field] | null };
  readonly savedExplorerViewId?: string;
}

export interface Estimate {
  readonly rows: number;
  readonly rowsExact: boolean;
  /** About; null when it could not be told in time. */
  readonly bytes: number | null;
  readonly maxRows: number;
  readonly allowed: boolean;
}

interface Capability {
  readonly supported: boolean;
  /** For people; null when supported. */
  readonly reason: string | null;
}

export interface Capabilities {
  readonly filteredHotExports: Capability;
  readonly templates: Capability;
  readonly savedViews: Capability;
  readonly formats: Readonly<Record<ExportFormat, Capability>>;
  readonly sources: Readonly<Record<'HOT' | 'ARCHIVED' | 'HOT_AND_ARCHIVED', Capability>>;
}

/** What the company's export files take; null: not known. */
export interface ExportUsage {
  readonly files: number | null;
  readonly artifactBytes: number | null;
  /** null: any number */
  readonly maxArtifactBytes: number | null;
}

export interface ExportListFilter {
  readonly status?: readonly string[] | undefined;
  readonly format?: string | undefined;
  /** A user's or key's id. */
  readonly requestedBy?: string | undefined;
  readonly workspaceId?: string | undefined;
  /** Only those that repeat this job. */
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

/** How many events and bytes an export would hold. */
export function estimateQuery(request: Omit<NewExport, 'purpose'>) {
  return queryOptions({
    queryKey: ['exports', 'estimate', request],
    queryFn: async ({ signal }) =>
      (await call<Estimate>('POST', `${ROOT}/estimate`, { body: request, signal })).body,
    staleTime: 30_000,
  });
}

/** @param jobId the id the job gets: sent again after an unclear failure it makes no second job */
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

/** Deletes the file for good; the job stays. */
export async function deleteExportFile(jobId: string): Promise<ExportJob> {
  return (await call<ExportJob>('DELETE', `${ROOT}/${encodeURIComponent(jobId)}/artifact`)).body;
}

/** Where a browser gets the file. */
export function downloadPath(jobId: string): string {
  return `/api/exports/${encodeURIComponent(jobId)}/download`;
}
