import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * Calls back once, when the answer has been sent or its connection is gone. The answer of a pipelined request has
 * no connection yet, so both are watched.
 */
export function onConnectionClosed(
  request: FastifyRequest,
  reply: FastifyReply,
  release: () => void,
): void {
  const { socket } = request.raw;
  const gone = () => {
    socket.off('close', gone);
    reply.raw.off('close', gone);
    release();
  };
  socket.once('close', gone);
  reply.raw.once('close', gone);
}
