import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';
import { createHttpApp } from '../../../http-edge/create-http-app.ts';
import { BODY_LIMITS, HTTP_LIMITS } from '../../../http-edge/http-limits.ts';
import type { ApiDeps } from './api-deps.ts';
import { limitCompanies } from './company-shares.ts';
import { dashboard } from './dashboard/dashboard.ts';
import { describeError } from './describe-error.ts';
import { health } from './health.ts';
import { DEFAULT_BODY_BUDGET_BYTES } from './max-body-bytes.ts';
import { limitDownloads } from './open-downloads.ts';
import { openApi } from './openapi.ts';
import { limitRates } from './rate-limits/rate-limits.ts';
import { bodyOwner } from './request-company.ts';
import { v1 } from './v1/v1.ts';

/** More than any download manager opens, and few enough that one caller cannot use up the process's files and sockets. */
const DOWNLOADS_PER_CALLER = 200;
/** A company may have many keys; this leaves most of the process's 10,000 connections for others. */
const DOWNLOADS_PER_COMPANY = 500;
/** A dashboard's token names the person's workspaces: 52 bytes each, at most a thousand. */
const MAX_HEADER_BYTES = 64 * 1024;

/** The api's HTTP application; the caller listens, closes and owns the dependencies. */
export async function buildApp(deps: ApiDeps, limits = HTTP_LIMITS): Promise<FastifyInstance> {
  const { settings } = deps;
  const { app, bodies } = createHttpApp({
    log: deps.log,
    limits: { ...limits, bodies: limits.bodies ?? settings.bodyLimits ?? BODY_LIMITS },
    bodyBudgetBytes: settings.bodyBudgetBytes ?? DEFAULT_BODY_BUDGET_BYTES,
    maxHeaderBytes: MAX_HEADER_BYTES,
    trustedProxies: settings.trustedProxies ?? [],
    ignoreTrailingSlash: true,
    describeError,
  });
  // The schemas of routes are documentation: handlers read their input with parsers that answer with our own codes.
  app.setValidatorCompiler(() => (value: unknown) => ({ value }));
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  bodies.watch(app, bodyOwner);
  limitCompanies(app, deps);
  await app.register(helmet, {
    // Responses are not pages; /docs has its own policy.
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] },
    },
    frameguard: { action: 'deny' },
    crossOriginResourcePolicy: false,
    // For this host, when a proxy terminates TLS; subdomains are for their owner to decide.
    strictTransportSecurity: { maxAge: 31_536_000, includeSubDomains: false },
  });
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
  });
  limitDownloads(app, {
    perCaller: settings.downloadsPerCaller ?? DOWNLOADS_PER_CALLER,
    perCompany: settings.downloadsPerCompany ?? DOWNLOADS_PER_COMPANY,
  });
  await limitRates(app, settings.rateLimits);
  await openApi(app);
  await app.register(health(deps));
  await app.register(v1(deps), { prefix: '/v1' });
  await app.register(dashboard(deps), { prefix: '/dashboard' });
  return app;
}
