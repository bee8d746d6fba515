import { queryOptions } from '@tanstack/react-query';
import { call, getJson } from './http.ts';
import type { List } from './list.ts';
import type { Role } from './me.ts';

export interface CompanyMember {
  readonly userId: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  /** The workspaces of a MEMBER; empty for other roles. */
  readonly workspaceIds: readonly string[];
  readonly joinedAt: string;
}

export interface Invitation {
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  readonly workspaceIds: readonly string[];
  readonly createdAt: string;
  readonly expiresAt: string;
}

export interface Workspace {
  readonly id: string;
  readonly name: string;
  readonly state: 'pending' | 'ready';
  readonly createdAt: string;
  /** Only returned to OWNER and ADMIN. */
  readonly memberIds?: readonly string[];
}

export const membersQuery = queryOptions({
  queryKey: ['members'],
  queryFn: ({ signal }) => getJson<List<CompanyMember>>('/api/members', { signal }),
});

export const invitationsQuery = queryOptions({
  queryKey: ['invitations'],
  queryFn: ({ signal }) => getJson<List<Invitation>>('/api/invitations', { signal }),
});

export const workspacesQuery = queryOptions({
  queryKey: ['workspaces'],
  queryFn: ({ signal }) => getJson<List<Workspace>>('/api/workspaces', { signal }),
});

export const people = {
  change: (userId: string, change: { role?: Role; workspaceIds?: readonly string[] }) =>
    call('PATCH', `/api/members/${userId}`, { body: change }),
  remove: (userId: string, options: { readonly revokeKeys: boolean }) =>
    call('DELETE', `/api/members/${userId}`, { parameters: options }),
  invite: async (invitation: { email: string; role: Role; workspaceIds: readonly string[] }) =>
    (
      await call<{ id: string; url: string; expiresAt: string }>('POST', '/api/invitations', {
        body: invitation,
      })
    ).body,
  revokeInvitation: (id: string) => call('DELETE', `/api/invitations/${id}`),
};

export const workspaces = {
  create: async (name: string) =>
    (await call<Workspace>('POST', '/api/workspaces', { body: { name } })).body,
  rename: (id: string, name: string) => call('PATCH', `/api/workspaces/${id}`, { body: { name } }),
  setMembers: (id: string, userIds: readonly string[]) =>
    call('PUT', `/api/workspaces/${id}/members`, { body: { userIds } }),
};
