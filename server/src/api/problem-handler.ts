import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ERROR_CATALOGUE, type ErrorCode, Problem } from '../errors.ts';
import { isConnectionError } from '../regions/connection-error.ts';
import { errorCode } from '../regions/system-error.ts';

const PROBLEM_JSON = 'application/problem+json; charset=utf-8';

/** Every error leaves as RFC 9457 problem details; what is inside an unexpected one stays in the log. */
export function handleProblems(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => {
    const problem = toProblem(error);
    // A refusal by design, of which a flood makes many: a line, no stack.
    if (problem.code === 'SERVER_BUSY') request.log.warn({ reqId: request.id }, problem.message);
    else if (problem.status >= 500)
      request.log.error({ err: error, reqId: request.id }, 'request failed');
    return sendProblem(request, reply, problem);
  });
  app.setNotFoundHandler((request, reply) =>
    sendProblem(request, reply, new Problem('NOT_FOUND', 'There is nothing at this address.')),
  );
}

function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
  return reply
    .code(problem.status)
    .headers(problem.headers)
    .type(PROBLEM_JSON)
    .serializer(JSON.stringify)
    .send(problemDocument(problem, request.id));
}

/** The problem document: `type, title, status, code, detail, requestId, errors?` and the code's own members. */
function problemDocument(problem: Problem, requestId: string) {
  return {
    type: 'about:blank',
    title: ERROR_CATALOGUE[problem.code].title,
    status: problem.status,
    code: problem.code,
    detail: problem.message,
    requestId,
    ...(problem.errors.length > 0 ? { errors: problem.errors } : {}),
    ...problem.members,
  };
}

// What Fastify itself refuses, before a handler runs.
const FASTIFY_CODES: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'PAYLOAD_TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'UNSUPPORTED_MEDIA_TYPE',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'VALIDATION_FAILED',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'MALFORMED_JSON',
  FST_ERR_BAD_URL: 'VALIDATION_FAILED',
  FST_ERR_MAX_PARAM_LENGTH: 'NOT_FOUND',
};

const DETAILS: Partial<Record<ErrorCode, string>> = {
  PAYLOAD_TOO_LARGE: 'The body is larger than this address accepts. Send fewer events at once.',
  UNSUPPORTED_MEDIA_TYPE: 'Send the body as application/json.',
  NOT_FOUND: 'There is nothing at this address.',
};

function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const code = FASTIFY_CODES[errorCode(error) ?? ''];
  if (code !== undefined)
    return new Problem(code, DETAILS[code] ?? 'The request is not valid HTTP.', { cause: error });
  if (isConnectionError(error)) {
    return new Problem(
      'REGION_UNAVAILABLE',
      'The database of this region cannot be reached. Nothing was changed; try again shortly.',
      {
        headers: { 'retry-after': '5' },
        cause: error,
      },
    );
  }
  return new Problem(
    'INTERNAL',
    'Something went wrong on our side. Nothing was confirmed; try again, and tell an operator the request id if it stays.',
    { cause: error },
  );
}

/** What Fastify's router refuses, before there are hooks: an address that cannot be decoded, or a far too long id. */
export function replyToInvalidUrl(
  error: Error,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  reply.header('x-request-id', request.id).header('cache-control', 'no-store');
  void sendProblem(request, reply, toProblem(error));
}

const INVALID_HTTP: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  HPE_HEADER_OVERFLOW: ['HEADERS_TOO_LARGE', 'The request headers are larger than 64 KiB.'],
  ERR_HTTP_REQUEST_TIMEOUT: [
    'REQUEST_TIMEOUT',
    'The request did not arrive in time. Send it again.',
  ],
};
const NOT_HTTP = ['VALIDATION_FAILED', 'The request is not valid HTTP.'] as const;

/** What Node's HTTP parser refuses never reaches Fastify: answer on the bare socket. */
export function replyToInvalidHttp(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const [code, detail] = INVALID_HTTP[error.code ?? ''] ?? NOT_HTTP;
  const problem = new Problem(code, detail);
  const requestId = randomUUID();
  const body = JSON.stringify(problemDocument(problem, requestId));
  socket.end(
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}\r\n` +
      `Content-Type: ${PROBLEM_JSON}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n` +
      `X-Request-Id: ${requestId}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n${body}`,
  );
}
