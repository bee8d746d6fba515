import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { EventQuery } from './event-query.ts';
import { getJson, queryString } from './http.ts';
import type { List } from './list.ts';

/** One entry of the evidence. The outcome is `PENDING` until it is known. */
export interface Evidence {
  readonly id: string;
  readonly type: string;
  readonly at: string;
  readonly user: {
    readonly type: 'user' | 'api_key' | 'system';
    readonly id: string;
    readonly label: string;
  };
  readonly jobId: string | null;
  readonly subjectId: string | null;
  readonly format: string | null;
  readonly filters: EventQuery | null;
  readonly bytes: number | null;
  /** Byte range `[start, end)` of the file. */
  readonly range: { readonly start: number; readonly end: number } | null;
  readonly sha256: string | null;
  readonly outcome: string;
  readonly details: Readonly<Record<string, unknown>> | null;
  readonly requestId: string | null;
  readonly ip: string | null;
  readonly userAgent: string | null;
}

export interface EvidenceFilter {
  readonly user?: string | undefined;
  readonly type?: readonly string[] | undefined;
  readonly jobId?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

export function evidenceQuery(filter: EvidenceFilter) {
  return queryOptions({
    queryKey: ['evidence', filter],
    queryFn: ({ signal }) =>
      getJson<List<Evidence>>('/api/evidence', { parameters: { ...filter }, signal }),
    placeholderData: keepPreviousData,
  });
}

/** The URL of all matching evidence as CSV. */
export function evidenceCsvPath(filter: EvidenceFilter): string {
  return `/api/evidence${queryString({ ...filter, format: 'csv' })}`;
}
