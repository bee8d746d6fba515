import { randomUUID } from 'node:crypto';
import helmet from '@fastify/helmet';
import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import type { ApiDeps } from './api-deps.ts';
import { BodyBudget, DEFAULT_BODY_BUDGET_BYTES } from './body-budget.ts';
import { dashboard } from './dashboard/dashboard.ts';
import { health } from './health.ts';
import { BODY_LIMITS, HTTP_LIMITS } from './http-limits.ts';
import { readBodiesAsBytes } from './json-body.ts';
import { limitDownloads } from './open-downloads.ts';
import { openApi } from './openapi.ts';
import { replyToInvalidUrl, replyToInvalidHttp, handleProblems } from './problem-handler.ts';
import { limitRates } from './rate-limits/rate-limits.ts';
import { BodyReceiver } from './receive-body.ts';
import { limitCompanies } from './company-shares.ts';
import { v1 } from './v1/v1.ts';

/** More than any download manager opens, few enough that one caller does not take the process's files and sockets. */
const DOWNLOADS_OF_ONE_CALLER = 200;
/** Largest body outside POST /v1/events. */
const BODY_LIMIT_BYTES = 1024 * 1024;
/** The api's HTTP application; the caller listens, closes and owns the dependencies. */
export async function buildApp(deps: ApiDeps, limits = HTTP_LIMITS): Promise<FastifyInstance> {
  // Typed as Fastify's own logger interface: with pino's type the instance no longer fits its plugins.
  const log: FastifyBaseLogger = deps.log;
  const { trustedProxies } = deps.settings;
  const app = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    bodyLimit: BODY_LIMIT_BYTES,
    http: {
      headersTimeout: limits.headersMs,
      connectionsCheckingInterval: limits.checkEveryMs,
      // A dashboard's token names its person's workspaces: 52 bytes each, a thousand at most.
      maxHeaderSize: 64 * 1024,
    },
    requestTimeout: limits.requestMs,
    connectionTimeout: limits.stalledMs,
    keepAliveTimeout: 72_000,
    forceCloseConnections: 'idle',
    // What still arrives on an open connection while the process stops is answered, and the connection then closed.
    return503OnClosing: false,
    clientErrorHandler: replyToInvalidHttp,
    frameworkErrors: replyToInvalidUrl,
    trustProxy: trustedProxies === undefined ? false : [...trustedProxies],
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: true },
  });
  app.server.maxConnections = limits.connections;
  // Routes' schemas are documentation: handlers read their input with parsers that answer with our own codes.
  app.setValidatorCompiler(() => (value: unknown) => ({ value }));
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  handleProblems(app);
  const budget = new BodyBudget(deps.settings.bodyBudgetBytes ?? DEFAULT_BODY_BUDGET_BYTES);
  const bodyLimits = limits.bodies ?? deps.settings.bodyLimits ?? BODY_LIMITS;
  readBodiesAsBytes(app, new BodyReceiver(budget, bodyLimits));
  limitCompanies(deps);
  await app.register(helmet, {
    // Answers are no pages; /docs has a policy of its own.
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] },
    },
    frameguard: { action: 'deny' },
    crossOriginResourcePolicy: false,
    // For this host when a proxy puts TLS in front; its other names are not ours to decide about.
    strictTransportSecurity: { maxAge: 31_536_000, includeSubDomains: false },
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    reply.header('cache-control', 'no-store');
  });
  limitDownloads(app, deps.settings.downloadsPerCaller ?? DOWNLOADS_OF_ONE_CALLER);
  await limitRates(app, deps.settings.rateLimits);
  await openApi(app);
  await app.register(health(deps));
  await app.register(v1(deps), { prefix: '/v1' });
  await app.register(dashboard(deps), { prefix: '/dashboard' });
  return app;
}
