import { queryOptions } from '@tanstack/react-query';
import { call, getJson } from './http.ts';
import type { List } from './list.ts';

export interface OwnSession {
  readonly id: string;
  readonly createdAt: string;
  readonly lastSeenAt: string;
  readonly expiresAt: string;
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly current: boolean;
}

export const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: ({ signal }) => getJson<List<OwnSession>>('/api/auth/sessions', { signal }),
});

export const sessions = {
  end: (id: string) => call('DELETE', `/api/auth/sessions/${id}`),
  endOthers: () => call('DELETE', '/api/auth/sessions'),
  changePassword: (passwords: { currentPassword: string; newPassword: string }) =>
    call('POST', '/api/auth/change-password', { body: passwords }),
};
