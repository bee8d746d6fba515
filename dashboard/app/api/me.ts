import { queryOptions } from '@tanstack/react-query';
import { getJson } from './http.ts';

export type Role = 'OWNER' | 'ADMIN' | 'BILLING' | 'MEMBER';

interface OwnWorkspace {
  readonly id: string;
  readonly name: string;
  /** `pending`: its region has not heard of it yet. */
  readonly state: 'pending' | 'ready';
}

/** Who is signed in, and what they may do. */
export interface Me {
  readonly user: { readonly id: string; readonly email: string; readonly name: string };
  readonly company: { readonly id: string; readonly name: string; readonly region: string };
  readonly region: string;
  /** Where programs reach the api of the company's region, without a slash at the end. */
  readonly apiUrl: string;
  readonly role: Role;
  readonly workspaces: readonly OwnWorkspace[];
  readonly permissions: {
    /** Members, workspaces, API keys, evidence. */
    readonly administer: boolean;
    /** Company-wide views, templates and exports; a workspace is optional in the explorer. */
    readonly companyWide: boolean;
  };
  /** Largest file the dashboard hands through, bytes. */
  readonly maxDownloadBytes: number;
  /** Exports of more rows are asked about once more. */
  readonly confirmRows: number;
}

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => getJson<Me>('/api/me', { signal }),
  staleTime: 60_000,
});
