import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { callerOf } from '../auth/caller.ts';
import type { Caller } from '../auth/request-origin.ts';
import type { BffDeps } from '../bff-deps.ts';
import { Problem } from '../errors.ts';
import type { AuditAction } from '../evidence/append-evidence.ts';
import { digestOf } from '../evidence/input-digest.ts';
import { appendRefusal } from '../evidence/refused-requests.ts';
import { parseJsonBody, rawBody } from '../../../http-edge/json-body.ts';
import { type ApiAnswer, ApiUnavailable, readText } from '../upstream/api-client.ts';
import {
  apiUnavailable,
  MAX_PROBLEM_BYTES,
  parseUpstreamProblem,
} from '../upstream/upstream-problem.ts';
import { abortOnDisconnect } from './abort-on-disconnect.ts';
import { evidencedCall } from './evidenced-call.ts';
import { evidencedRoute } from './evidenced-route.ts';
import { forwardedHeaders } from './forwarded-headers.ts';

/** Plain segments only, which no other parser can read as a different path. */
const PATH = /^[A-Za-z0-9-]+(?:\/[A-Za-z0-9-]+)*$/;
/** Routes that only the dashboard itself calls, and downloads, which have their own route with evidence. */
const NOT_FOR_BROWSERS = /^(?:company|outbox)(?:\/|$)|\/download$/;
/** Larger than any valid request that leaves evidence; filters are its largest part. */
const MAX_EVIDENCED_BODY_BYTES = 256 * 1024;
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

/** /api/dashboard/* → the api's /dashboard/*, with a token signed for this person and this call. */
export function proxyDashboard(app: FastifyInstance, deps: BffDeps): void {
  app.route<{ Params: { '*': string } }>({
    method: METHODS,
    url: '/dashboard/*',
    exposeHeadRoute: false,
    handler: async (request, reply) => {
      // The session is checked first, so that addresses reveal nothing to clients that have not signed in.
      const caller = await callerOf(deps, request);
      const at = request.url.indexOf('?');
      const path = request.url.slice('/api/dashboard/'.length, at < 0 ? undefined : at);
      if (!PATH.test(path) || NOT_FOR_BROWSERS.test(path)) {
        throw new Problem('NOT_FOUND', 'There is nothing at this address.');
      }
      const target = `/dashboard/${path}${at < 0 ? '' : request.url.slice(at)}`;
      const route = evidencedRoute(request.method, path);
      if (route === undefined) return streamFromApi(deps, caller, { request, reply, path: target });
      const body = rawBody(request);
      if (body.length > MAX_EVIDENCED_BODY_BYTES)
        throw await tooLarge(deps, caller, { action: route.action, body });
      const answer = await evidencedCall(deps, caller, {
        route,
        method: request.method,
        path: target,
        body: body.length === 0 ? undefined : body.toString('utf8'),
        asked: body.length === 0 ? {} : askedSchema.parse(parseJsonBody(body)),
        ifMatch: request.headers['if-match'],
        idempotencyKey: oneHeader(request.headers['idempotency-key']),
      });
      return pass(request, reply, answer);
    },
  });
}

/** A body that is too large to be valid is rejected before an intent; evidence keeps its digest. */
async function tooLarge(
  deps: BffDeps,
  caller: Caller,
  { action, body }: { readonly action: AuditAction; readonly body: Buffer },
): Promise<Problem> {
  await appendRefusal(deps, caller, {
    action,
    details: { inputDigest: digestOf(body.toString('utf8')) },
    outcome: 'PAYLOAD_TOO_LARGE',
  });
  const max = MAX_EVIDENCED_BODY_BYTES / 1024;
  return new Problem(
    'PAYLOAD_TOO_LARGE',
    `The body is larger than the maximum of ${max} KiB. Use fewer or shorter filter values.`,
  );
}

/** Streams the response body to the browser; errors are read and checked first. */
export async function streamFromApi(
  deps: BffDeps,
  caller: Caller,
  { request, reply, path }: { request: FastifyRequest; reply: FastifyReply; path: string },
): Promise<FastifyReply> {
  const body = rawBody(request);
  const gone = abortOnDisconnect(reply);
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
      if (!isOfApi(status, answer.headers)) {
        answer.destroy();
        request.log.error({ status }, 'a gateway answered instead of the api');
        throw apiUnavailable();
      }
      return await reply.code(status).headers(passedHeaders(answer.headers)).send(answer);
    }
    const text = await readText(answer, MAX_PROBLEM_BYTES).catch(() => '');
    return await pass(request, reply, { status, headers: answer.headers, text });
  } catch (error) {
    if (error instanceof ApiUnavailable) throw apiUnavailable(error);
    throw error;
  }
}

/** Whether a response below 400 can be the api's. A gateway's page or redirect must not reach the browser. */
function isOfApi(status: number, headers: ApiAnswer['headers']): boolean {
  if (status === 204 || status === 304) return true;
  const isJson = /^application\/json\b/.test(headers['content-type'] ?? '');
  return isJson && (status === 200 || status === 201);
}

/** Sends a complete response: unchanged below 400; from 400 on only problem documents of the api's catalogue. */
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
    // The response to HEAD has no body with details.
    if (status === 404 && request.method === 'HEAD')
      throw new Problem('NOT_FOUND', 'There is nothing at this address.');
    request.log.error(
      { status, text: text.slice(0, 500) },
      'the api answered with an unknown error',
    );
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
