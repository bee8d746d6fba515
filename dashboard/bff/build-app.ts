import { randomUUID } from 'node:crypto';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { ownSessions } from './auth/own-sessions.ts';
import { sessionRoutes } from './auth/session-routes.ts';
import { signIn } from './auth/sign-in.ts';
import { signUp } from './auth/sign-up.ts';
import type { BffDeps } from './bff-deps.ts';
import { downloadExport } from './download/download-export.ts';
import { listEvidence } from './evidence/list-evidence.ts';
import { health } from './health.ts';
import { replyToInvalidHttp } from './http/reply-to-invalid-http.ts';
import { BODY_LIMITS, HTTP_LIMITS } from './http/http-limits.ts';
import { BodyBudget, DEFAULT_BODY_BUDGET_BYTES } from './http/body-budget.ts';
import { BodyReceiver } from './http/receive-body.ts';
import { companyOfSession } from './auth/caller.ts';
import { readBodiesAsBytes } from './http/json-body.ts';
import { handleProblems, sendProblem, toProblem } from './http/problem-handler.ts';
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

/** What is below /api, one file a route. */
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

const BODY_LIMIT_BYTES = 1024 * 1024;

/** The dashboard's HTTP application; the caller listens, closes and owns the dependencies. */
export async function buildApp(deps: BffDeps, limits = HTTP_LIMITS): Promise<FastifyInstance> {
  const log: FastifyBaseLogger = deps.log;
  const { trustProxy, publicUrl } = deps.settings;
  const app = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    bodyLimit: BODY_LIMIT_BYTES,
    http: {
      headersTimeout: limits.headersMs,
      connectionsCheckingInterval: limits.checkEveryMs,
    },
    requestTimeout: limits.requestMs,
    connectionTimeout: limits.stalledMs,
    keepAliveTimeout: 72_000,
    forceCloseConnections: 'idle',
    // What still arrives on an open connection while the process stops is answered, and the connection then closed.
    return503OnClosing: false,
    trustProxy: trustProxy.length === 0 ? false : [...trustProxy],
    clientErrorHandler: replyToInvalidHttp,
    frameworkErrors: (error, request, reply) => {
      reply.header('x-request-id', request.id);
      void sendProblem(request, reply, toProblem(error, request));
    },
    routerOptions: { maxParamLength: 200 },
  });
  app.server.maxConnections = limits.connections;
  handleProblems(app);
  const budget = new BodyBudget(limits.bodyBudgetBytes ?? DEFAULT_BODY_BUDGET_BYTES);
  const receiver = new BodyReceiver(budget, limits.bodies ?? BODY_LIMITS);
  readBodiesAsBytes(app, receiver);
  await secure(app, publicUrl);
  requireSessionBeforeBody(app, deps);
  receiver.watch(app, (request) => companyOfSession(deps, request));
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
