import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { callerOf, type Caller } from '../auth/caller.ts';
import type { BffDeps } from '../bff-deps.ts';
import { Problem } from '../errors.ts';
import { parseJson, rawBody } from '../http/json-body.ts';
import { type ApiAnswer, ApiUnavailable, readText } from '../upstream/api-client.ts';
import {
  apiUnavailable,
  LARGEST_PROBLEM_BYTES,
  parseUpstreamProblem,
} from '../upstream/upstream-problem.ts';
import { abortWhenGone } from './abort-when-gone.ts';
import { evidencedCall } from './evidenced-call.ts';
import { evidencedRoute } from './evidenced-route.ts';
import { forwardedHeaders } from './forwarded-headers.ts';

/** Plain segments only: nothing that a second parser could read as another path. */
const PATH = /^[A-Za-z0-9-]+(?:\/[A-Za-z0-9-]+)*$/;
/** The dashboard's own business with the api, and downloads, which have their own route with evidence. */
const NOT_FOR_BROWSERS = /^(?:company|outbox)(?:\/|$)|\/download$/;
const METHODS = ['GET', 'HEAD', 'POST', 'PATCH', 'PUT', 'DELETE'];
const PASSED_HEADERS = [
  'content-type',
  'content-length',
  'etag',
  'location',
  'retry-after',
  'x-exhibit-schema-drift',
] as const;

const askedSchema = z
  .object({
    format: z.string().max(20).optional().catch(undefined),
    filters: z.unknown().optional(),
    purpose: z.string().max(500).optional().catch(undefined),
  })
  .catch({});

type ProxyRequest = FastifyRequest<{ Params: { '*': string } }>;

/** /api/dashboard/* → the api's /dashboard/*, with a token signed for this person and this call. */
export function proxyDashboard(app: FastifyInstance, deps: BffDeps): void {
  app.route<{ Params: { '*': string } }>({
    method: METHODS,
    url: '/dashboard/*',
    exposeHeadRoute: false,
    handler: async (request, reply) => {
      // Signed in or not comes first: an address says nothing to a stranger.
      const caller = await callerOf(deps, request);
      const at = request.url.indexOf('?');
      const path = request.url.slice('/api/dashboard/'.length, at < 0 ? undefined : at);
      if (!PATH.test(path) || NOT_FOR_BROWSERS.test(path)) {
        throw new Problem('NOT_FOUND', 'There is nothing at this address.');
      }
      const target = `/dashboard/${path}${at < 0 ? '' : request.url.slice(at)}`;
      const route = evidencedRoute(request.method, path);
      if (route === undefined) return stream(deps, caller, request, reply, target);
      const body = rawBody(request);
      const answer = await evidencedCall(deps, caller, {
        route,
        method: request.method,
        path: target,
        body: body.length === 0 ? undefined : body.toString('utf8'),
        asked: body.length === 0 ? {} : askedSchema.parse(parseJson(body)),
        ifMatch: request.headers['if-match'],
        idempotencyKey: oneHeader(request.headers['idempotency-key']),
      });
      return pass(request, reply, answer);
    },
  });
}

/** The answer's body goes to the browser as it comes; errors are read and checked first. */
async function stream(
  deps: BffDeps,
  caller: Caller,
  request: ProxyRequest,
  reply: FastifyReply,
  path: string,
): Promise<FastifyReply> {
  const body = rawBody(request);
  const gone = abortWhenGone(reply);
  try {
    const answer = await deps.api.open({
      method: request.method,
      path,
      token: await deps.tokens.forMember(caller.member),
      ...(body.length === 0 ? {} : { body }),
      headers: {
        ...forwardedHeaders(caller.origin),
        'if-match': request.headers['if-match'],
        'if-none-match': request.headers['if-none-match'],
        'idempotency-key': oneHeader(request.headers['idempotency-key']),
      },
      signal: gone,
    });
    const status = answer.statusCode ?? 0;
    if (status < 400) {
      return await reply.code(status).headers(passedHeaders(answer.headers)).send(answer);
    }
    const text = await readText(answer, LARGEST_PROBLEM_BYTES).catch(() => '');
    return await pass(request, reply, { status, headers: answer.headers, text });
  } catch (error) {
    if (error instanceof ApiUnavailable) throw apiUnavailable(error);
    throw error;
  }
}

/** An answer that was read whole: as it is below 400; above, only what is shaped like our own problems. */
function pass(request: FastifyRequest, reply: FastifyReply, answer: ApiAnswer): FastifyReply {
  const { status, headers, text } = answer;
  if (status < 400) {
    return reply
      .code(status)
      .headers(passedHeaders({ ...headers, 'content-length': undefined }))
      .send(text === '' ? undefined : text);
  }
  const problem = parseUpstreamProblem({ status, contentType: headers['content-type'], text });
  if (problem === undefined) {
    if (status === 404) throw new Problem('NOT_FOUND', 'There is nothing at this address.');
    request.log.error({ status, text: text.slice(0, 500) }, 'the api answered with something else');
    throw apiUnavailable();
  }
  const retryAfter = headers['retry-after'];
  if (retryAfter !== undefined) reply.header('retry-after', retryAfter);
  return reply
    .code(status)
    .type('application/problem+json; charset=utf-8')
    .serializer(JSON.stringify)
    .send({ ...problem, requestId: request.id });
}

function passedHeaders(headers: ApiAnswer['headers']): Record<string, string> {
  const passed: Record<string, string> = {};
  for (const name of PASSED_HEADERS) {
    const value = headers[name];
    if (typeof value === 'string') passed[name] = name === 'location' ? `/api${value}` : value;
  }
  return passed;
}

function oneHeader(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
