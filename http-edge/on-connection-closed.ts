import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * Calls `release` once, after the response was sent or its connection closed. The response to a pipelined request is not
 * attached to the connection yet, so both are watched.
 */
export function onConnectionClosed(
  request: FastifyRequest,
  reply: FastifyReply,
  release: () => void,
): void {
  const { socket } = request.raw;
  const onClose = () => {
    socket.off('close', onClose);
    reply.raw.off('close', onClose);
    release();
  };
  socket.once('close', onClose);
  reply.raw.once('close', onClose);
}
