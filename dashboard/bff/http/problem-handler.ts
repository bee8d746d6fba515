import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { errorCode, isConnectionError } from '../database.ts';
import { type ErrorCode, Problem } from '../errors.ts';

const PROBLEM_JSON = 'application/problem+json; charset=utf-8';

/** Every error leaves as RFC 9457 problem details; what is inside an unexpected one stays in the log. */
export function handleProblems(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => {
    const problem = toProblem(error, request);
    if (problem.status >= 500)
      request.log.error({ err: error, reqId: request.id }, 'request failed');
    return sendProblem(request, reply, problem);
  });
  app.setNotFoundHandler((request, reply) =>
    sendProblem(request, reply, new Problem('NOT_FOUND', 'There is nothing at this address.')),
  );
}

export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  problem: Problem,
): FastifyReply {
  return reply
    .code(problem.status)
    .headers(problem.headers)
    .type(PROBLEM_JSON)
    .serializer(JSON.stringify)
    .send(problem.document(request.id));
}

// What Fastify itself refuses, before a handler runs.
const FASTIFY_CODES: Readonly<Record<string, [ErrorCode, string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: [
    'PAYLOAD_TOO_LARGE',
    'The body is too large: 1 MiB at most, 16 KiB where nobody has signed in yet.',
  ],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['UNSUPPORTED_MEDIA_TYPE', 'Send the body as application/json.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['VALIDATION_FAILED', 'The request is not valid HTTP.'],
  FST_ERR_BAD_URL: ['VALIDATION_FAILED', 'The address is not valid.'],
  FST_ERR_MAX_PARAM_LENGTH: ['NOT_FOUND', 'There is nothing at this address.'],
};

/** Whatever was thrown, as what the browser may see. */
export function toProblem(error: unknown, request: FastifyRequest): Problem {
  if (error instanceof Problem) return error;
  const known = FASTIFY_CODES[errorCode(error) ?? ''];
  if (known !== undefined) return new Problem(known[0], known[1], { cause: error });
  if (isConnectionError(error)) return databaseUnreachable(request, error);
  return new Problem(
    'INTERNAL',
    'Something went wrong on our side. Nothing was confirmed; try again, and tell an operator the request id if it stays.',
    { cause: error },
  );
}

/** What leaves evidence is not done without it: those requests say so, the others that the database is away. */
function databaseUnreachable(request: FastifyRequest, cause: unknown): Problem {
  const leavesEvidence =
    (request.method !== 'GET' && request.method !== 'HEAD') ||
    /\/download(?:\?|$)/.test(request.url);
  const options = { headers: { 'retry-after': '5' }, cause };
  return leavesEvidence
    ? new Problem(
        'EVIDENCE_UNAVAILABLE',
        'This cannot be recorded right now, so it was not done. Try again shortly.',
        options,
      )
    : new Problem(
        'DASHBOARD_UNAVAILABLE',
        'The dashboard database cannot be reached. Try again shortly.',
        options,
      );
}
