import type { FastifyInstance } from 'fastify';
import { createHttpApp } from '../../http-edge/create-http-app.ts';
import { HTTP_LIMITS } from '../../http-edge/http-limits.ts';
import { ownSessions } from './auth/own-sessions.ts';
import { sessionRoutes } from './auth/session-routes.ts';
import { signIn } from './auth/sign-in.ts';
import { signUp } from './auth/sign-up.ts';
import type { BffDeps } from './bff-deps.ts';
import { downloadExport } from './download/download-export.ts';
import { listEvidence } from './evidence/list-evidence.ts';
import { health } from './health.ts';
import { companyOfSession } from './auth/caller.ts';
import { describeError } from './http/describe-error.ts';
import { limitRates } from './http/rate-limits.ts';
import { requireSessionBeforeBody } from './http/require-session-before-body.ts';
import { secure } from './http/security.ts';
import { acceptInvitation } from './invitations/accept-invitation.ts';
import { invite } from './invitations/invite.ts';
import { createKey } from './keys/create-key.ts';
import { me } from './me.ts';
import { changeMember } from './members/change-member.ts';
import { listMembers } from './members/list-members.ts';
import { removeMember } from './members/remove-member.ts';
import { proxyDashboard } from './proxy/proxy-dashboard.ts';
import { listWorkspaces } from './workspaces/list-workspaces.ts';
import { saveWorkspace } from './workspaces/save-workspace.ts';
import { serveWebApp } from './web-app/serve-web-app.ts';
import { workspaceMembers } from './workspaces/workspace-members.ts';

/** The routes under /api, one file each. */
export const API_ROUTES = [
  signIn,
  signUp,
  sessionRoutes,
  ownSessions,
  me,
  listMembers,
  changeMember,
  removeMember,
  listWorkspaces,
  saveWorkspace,
  workspaceMembers,
  invite,
  acceptInvitation,
  listEvidence,
  downloadExport,
  createKey,
  proxyDashboard,
] as const;

/** Memory for the bodies of all requests. */
const BODY_BUDGET_BYTES = 64 * 1024 * 1024;
const MAX_HEADER_BYTES = 16 * 1024;

/** The dashboard's HTTP application; the caller listens, closes and owns the dependencies. */
export async function buildApp(deps: BffDeps, limits = HTTP_LIMITS): Promise<FastifyInstance> {
  const { trustProxy, publicUrl } = deps.settings;
  const { app, bodies } = createHttpApp({
    log: deps.log,
    limits,
    bodyBudgetBytes: BODY_BUDGET_BYTES,
    maxHeaderBytes: MAX_HEADER_BYTES,
    trustedProxies: trustProxy,
    ignoreTrailingSlash: false,
    describeError,
  });
  await secure(app, publicUrl);
  requireSessionBeforeBody(app, deps);
  bodies.watch(app, (request) => companyOfSession(deps, request));
  health(app, deps);
  await app.register(
    async (api) => {
      await limitRates(api, deps.settings.rateLimits);
      for (const route of API_ROUTES) route(api, deps);
    },
    { prefix: '/api' },
  );
  if (deps.settings.webApp !== undefined) await serveWebApp(app, deps.settings.webApp);
  return app;
}
