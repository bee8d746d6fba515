import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { Role } from '../server/src/tenancy/access.ts';
import { signTestToken } from './dashboard-token.ts';
import type { RequestOptions, TestApi } from './test-api.ts';

/** A dashboard user of a company. Each request gets a new token. */
export interface TestUser {
  readonly id: string;
  readonly email: string;
  request(method: string, path: string, options?: RequestOptions): Promise<Response>;
  /** Returns the JSON of a response and checks its status. */
  json<Body>(
    method: string,
    path: string,
    options?: RequestOptions & { status?: number },
  ): Promise<Body>;
}

interface NewUser {
  readonly companyId: string;
  readonly role?: Role;
  readonly workspaceIds?: readonly string[];
  readonly id?: string;
  readonly region?: string;
}

/** Paths are relative to /dashboard. */
export function testUser(
  api: TestApi,
  { companyId, role = 'OWNER', workspaceIds = [], region = 'us', ...user }: NewUser,
): TestUser {
  const id = user.id ?? (role === 'SYSTEM' ? 'dashboard' : randomUUID());
  const email = `${role.toLowerCase()}@example.test`;
  const request: TestUser['request'] = async (method, path, options) => {
    const token = await signTestToken({
      aud: region,
      sub: id,
      email,
      companyId,
      role,
      workspaceIds,
    });
    return api.request(token, method, `/dashboard${path}`, options);
  };
  return {
    id,
    email,
    request,
    json: async <Body>(
      method: string,
      path: string,
      { status = 200, ...options }: RequestOptions & { status?: number } = {},
    ) => {
      const answer = await request(method, path, options);
      const text = await answer.text();
      expect(answer.status, `${method} ${path}: ${text}`).toBe(status);
      return (text === '' ? undefined : JSON.parse(text)) as Body;
    },
  };
}
