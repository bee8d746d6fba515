import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { type ErrorCode, Problem } from '../errors.ts';

const INVALID_HTTP: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  HPE_HEADER_OVERFLOW: ['HEADERS_TOO_LARGE', 'The request headers are larger than 16 KiB.'],
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
  const body = JSON.stringify(problem.document(requestId));
  socket.end(
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}\r\n` +
      'Content-Type: application/problem+json; charset=utf-8\r\n' +
      `Content-Length: ${Buffer.byteLength(body)}\r\nX-Request-Id: ${requestId}\r\n` +
      `Cache-Control: no-store\r\nConnection: close\r\n\r\n${body}`,
  );
}
