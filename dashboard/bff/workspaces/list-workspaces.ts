import type { FastifyInstance } from 'fastify';
import { callerOf } from '../auth/caller.ts';
import { mayAdminister } from '../auth/member.ts';
import type { BffDeps } from '../bff-deps.ts';
import { findWorkspaces } from './find-workspaces.ts';

/** GET /api/workspaces → {data:[{id, name, state, createdAt, memberIds?}], nextCursor: null}; a MEMBER sees their own. */
export function listWorkspaces(app: FastifyInstance, deps: BffDeps): void {
  app.get('/workspaces', async (request) => {
    const { member } = await callerOf(deps, request);
    const workspaces = await findWorkspaces(deps.pool, member);
    const data = mayAdminister(member)
      ? workspaces
      : workspaces.map(({ id, name, state, createdAt }) => ({ id, name, state, createdAt }));
    return { data, nextCursor: null };
  });
}
