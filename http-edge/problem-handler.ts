import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { HttpProblem } from '../contract/problem.ts';
import { type EdgeErrorCode, EdgeProblem, notFound } from './edge-problem.ts';

export const PROBLEM_JSON = 'application/problem+json; charset=utf-8';

/** Turns an error that only one server knows, such as a broken database connection, into its problem. */
export type DescribeError = (error: unknown, request: FastifyRequest) => HttpProblem | undefined;

/** Sends every error as RFC 9457 problem details; the cause of an unexpected error stays in the log. */
export function handleProblems(app: FastifyInstance, describe: DescribeError): void {
  app.setErrorHandler((error, request, reply) => {
    const problem = toProblem(error, request, describe);
    // An expected rejection, of which a flood makes many: one line without a stack.
    if (problem.code === 'SERVER_BUSY') request.log.warn({ reqId: request.id }, problem.message);
    else if (problem.status >= 500)
      request.log.error({ err: error, reqId: request.id }, 'request failed');
    return sendProblem(request, reply, problem);
  });
  app.setNotFoundHandler((request, reply) => sendProblem(request, reply, notFound()));
}

/** Answers what Fastify's router rejects before hooks run: an address that cannot be decoded, or a far too long id. */
export function replyToInvalidUrl(describe: DescribeError) {
  return (error: Error, request: FastifyRequest, reply: FastifyReply): void => {
    reply.header('x-request-id', request.id).header('cache-control', 'no-store');
    void sendProblem(request, reply, toProblem(error, request, describe));
  };
}

function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  problem: HttpProblem,
): FastifyReply {
  return reply
    .code(problem.status)
    .headers(problem.headers)
    .type(PROBLEM_JSON)
    .serializer(JSON.stringify)
    .send(problem.document(request.id));
}

function toProblem(error: unknown, request: FastifyRequest, describe: DescribeError): HttpProblem {
  if (error instanceof HttpProblem) return error;
  return (
    fastifyProblem(error) ??
    describe(error, request) ??
    new EdgeProblem(
      'INTERNAL',
      'Something went wrong. Try again; if it keeps happening, give your operator the request ID.',
      { cause: error },
    )
  );
}

/** Errors of Fastify itself, thrown before a handler runs. */
const FASTIFY_ERRORS: Readonly<Record<string, readonly [EdgeErrorCode, string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['PAYLOAD_TOO_LARGE', 'The body is too large.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['UNSUPPORTED_MEDIA_TYPE', 'Send the body as application/json.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['VALIDATION_FAILED', 'The Content-Length is not valid.'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['MALFORMED_JSON', 'A JSON body is required.'],
  FST_ERR_BAD_URL: ['VALIDATION_FAILED', 'The address is not valid.'],
};

function fastifyProblem(error: unknown): EdgeProblem | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string')
    return undefined;
  if (error.code === 'FST_ERR_MAX_PARAM_LENGTH') return notFound();
  const known = FASTIFY_ERRORS[error.code];
  return known === undefined ? undefined : new EdgeProblem(...known, { cause: error });
}
