import type { FastifyReply } from 'fastify';

/** A signal that aborts when the browser disconnects before the response ends, so that the api stops its work. */
export function abortOnDisconnect(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  return gone.signal;
}
