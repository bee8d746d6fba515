import type { FastifyReply } from 'fastify';

/** Fires when the browser's connection ends before its answer does: the api must not work for nobody. */
export function abortOnDisconnect(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  return gone.signal;
}
