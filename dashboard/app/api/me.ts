import { queryOptions } from '@tanstack/react-query';
import { getJson } from './http.ts';

export type Role = 'OWNER' | 'ADMIN' | 'BILLING' | 'MEMBER';

interface OwnWorkspace {
  readonly id: string;
  readonly name: string;
  /** `pending`: the workspace does not exist in its region yet. */
  readonly state: 'pending' | 'ready';
}

/** The signed-in user and their permissions. */
export interface Me {
  readonly user: { readonly id: string; readonly email: string; readonly name: string };
  readonly company: { readonly id: string; readonly name: string; readonly region: string };
  readonly region: string;
  /** Public API URL of the company's region, without a trailing slash. */
  readonly apiUrl: string;
  readonly role: Role;
  readonly workspaces: readonly OwnWorkspace[];
  readonly permissions: {
    /** May manage members, workspaces and API keys, and read the evidence. */
    readonly administer: boolean;
    /** May use company-wide views, templates and exports, and explore without choosing a workspace. */
    readonly companyWide: boolean;
  };
  /** Maximum size of a file that the dashboard serves, in bytes. */
  readonly maxDownloadBytes: number;
  /** Exports with more rows need a confirmation. */
  readonly confirmRows: number;
}

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => getJson<Me>('/api/me', { signal }),
  staleTime: 60_000,
});
