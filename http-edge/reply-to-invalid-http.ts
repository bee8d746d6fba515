import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { EdgeProblem } from './edge-problem.ts';
import { PROBLEM_JSON } from './problem-handler.ts';

/** Node's HTTP parser rejects some requests before Fastify sees them: the response is written to the bare socket. */
export function replyToInvalidHttp(maxHeaderBytes: number) {
  return (error: NodeJS.ErrnoException, socket: Socket): void => {
    if (!socket.writable || error.code === 'ECONNRESET') {
      socket.destroy();
      return;
    }
    const problem = problemOf(error, maxHeaderBytes);
    const requestId = randomUUID();
    const body = JSON.stringify(problem.document(requestId));
    socket.end(
      `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}\r\n` +
        `Content-Type: ${PROBLEM_JSON}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n` +
        `X-Request-Id: ${requestId}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n${body}`,
    );
  };
}

function problemOf({ code }: NodeJS.ErrnoException, maxHeaderBytes: number): EdgeProblem {
  if (code === 'HPE_HEADER_OVERFLOW') {
    const max = maxHeaderBytes / 1024;
    return new EdgeProblem(
      'HEADERS_TOO_LARGE',
      `The request headers are larger than the maximum of ${max} KiB.`,
    );
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new EdgeProblem('REQUEST_TIMEOUT', 'The request did not arrive in time. Send it again.');
  return new EdgeProblem('VALIDATION_FAILED', 'The request is not valid HTTP.');
}
