import type { FastifyInstance } from 'fastify';
import { callerOf } from './auth/caller.ts';
import { mayAdminister } from './auth/member.ts';
import type { BffDeps } from './bff-deps.ts';
import { findWorkspaces } from './workspaces/find-workspaces.ts';

/** GET /api/me → {user, company, region, apiUrl, role, workspaces, permissions}: the first request of the web app. */
export function me(app: FastifyInstance, deps: BffDeps): void {
  app.get('/me', async (request) => {
    const { member } = await callerOf(deps, request);
    return {
      user: { id: member.userId, email: member.email, name: member.name },
      company: { id: member.companyId, name: member.companyName, region: member.region },
      region: member.region,
      apiUrl: deps.settings.publicApiUrl,
      role: member.role,
      workspaces: (await findWorkspaces(deps.pool, member)).map(({ id, name, state }) => ({
        id,
        name,
        state,
      })),
      permissions: { administer: mayAdminister(member), companyWide: member.role !== 'MEMBER' },
      maxDownloadBytes: deps.settings.maxDownloadBytes,
      confirmRows: deps.settings.confirmRows,
    };
  });
}
