import { queryOptions } from '@tanstack/react-query';
import { call, getJson } from './http.ts';
import type { List } from './list.ts';

export const PERMISSIONS = [
  'events:write',
  'events:read',
  'exports:write',
  'exports:read',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly scope: 'company' | 'workspace';
  readonly workspaceId: string | null;
  readonly permissions: readonly Permission[];
  readonly status: 'active' | 'expired' | 'revoked';
  /** null for keys created before Exhibit recorded creators. */
  readonly createdBy: {
    readonly type: 'user' | 'system';
    readonly id: string;
    readonly label: string;
  } | null;
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
  readonly lastUsedAt: string | null;
  readonly healthScore: number;
}

export interface NewApiKey {
  readonly name: string;
  readonly permissions: readonly Permission[];
  readonly workspaceId: string | null;
  readonly expiresAt: string | null;
}

const ROOT = '/api/dashboard/api-keys';

export const apiKeysQuery = queryOptions({
  queryKey: ['api-keys'],
  queryFn: ({ signal }) => getJson<List<ApiKey>>(ROOT, { signal }),
});

export const apiKeys = {
  /** The only response that contains the key itself. */
  create: async (key: NewApiKey) =>
    (await call<ApiKey & { readonly key: string }>('POST', ROOT, { body: key })).body,
  revoke: (id: string) => call('DELETE', `${ROOT}/${id}`),
};
