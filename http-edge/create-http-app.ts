import { randomUUID } from 'node:crypto';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { BodyBudget } from './body-budget.ts';
import { readBodiesAsBytes } from './json-body.ts';
import { BODY_LIMITS, type HttpLimits } from './http-limits.ts';
import { type DescribeError, handleProblems, replyToInvalidUrl } from './problem-handler.ts';
import { BodyReceiver } from './receive-body.ts';
import { replyToInvalidHttp } from './reply-to-invalid-http.ts';

/** Maximum size of a body, unless its route sets another one. */
const BODY_LIMIT_BYTES = 1024 * 1024;

interface HttpAppOptions {
  readonly log: FastifyBaseLogger;
  readonly limits: HttpLimits;
  /** Default of `limits.bodyBudgetBytes`. */
  readonly bodyBudgetBytes: number;
  /** Maximum size of all headers of a request together. */
  readonly maxHeaderBytes: number;
  /** Addresses of proxies whose X-Forwarded-For is trusted; empty: none. */
  readonly trustedProxies: readonly string[];
  readonly ignoreTrailingSlash: boolean;
  readonly describeError: DescribeError;
}

interface HttpApp {
  readonly app: FastifyInstance;
  /** The server says after its own hooks when bodies are read, and whose budget they count against. */
  readonly bodies: BodyReceiver;
}

/**
 * A Fastify application with the limits, request ids, problem documents and body reader that every HTTP server of the
 * product has. The caller adds its hooks and routes, listens and closes.
 */
export function createHttpApp({ log, limits, describeError, ...options }: HttpAppOptions): HttpApp {
  const app = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    bodyLimit: BODY_LIMIT_BYTES,
    http: {
      headersTimeout: limits.headersMs,
      connectionsCheckingInterval: limits.checkEveryMs,
      maxHeaderSize: options.maxHeaderBytes,
    },
    requestTimeout: limits.requestMs,
    connectionTimeout: limits.stalledMs,
    keepAliveTimeout: 72_000,
    forceCloseConnections: 'idle',
    // While the process stops, a request on an open connection is still answered, and the connection then closed.
    return503OnClosing: false,
    clientErrorHandler: replyToInvalidHttp(options.maxHeaderBytes),
    frameworkErrors: replyToInvalidUrl(describeError),
    trustProxy: options.trustedProxies.length === 0 ? false : [...options.trustedProxies],
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: options.ignoreTrailingSlash },
  });
  app.server.maxConnections = limits.connections;
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  handleProblems(app, describeError);
  const budget = new BodyBudget(limits.bodyBudgetBytes ?? options.bodyBudgetBytes);
  const bodies = new BodyReceiver(budget, limits.bodies ?? BODY_LIMITS);
  readBodiesAsBytes(app, bodies);
  return { app, bodies };
}
