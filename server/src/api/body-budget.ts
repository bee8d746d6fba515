import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from '../errors.ts';
import { onceGone } from './once-gone.ts';

const RETRY_AFTER_SECONDS = 1;
/** One body of POST /v1/events always has room when there is no other. */
export const LARGEST_BODY_BYTES = 64 * 1024 * 1024;
export const DEFAULT_BODY_BUDGET_BYTES = 4 * LARGEST_BODY_BYTES;

/**
 * What bodies may take of this process together, from before the first byte of one is read until its answer is
 * sent or its connection gone. One that does not fit is refused at once: a queue would be full of open connections.
 */
export function limitBodies(app: FastifyInstance, budgetBytes: number): void {
  let held = 0;
  // After every onRequest hook: a stranger is refused before anything is held for them.
  app.addHook('preParsing', async (request, reply) => {
    const bytes = announcedBytes(request);
    if (bytes === 0) return;
    if (held + bytes > budgetBytes) throw busy();
    held += bytes;
    onceGone(request, reply, () => {
      held -= bytes;
    });
  });
}

/** A body that does not say its length may become as long as its route allows; a longer one is refused unread. */
function announcedBytes({ headers, routeOptions: { bodyLimit } }: FastifyRequest): number {
  const length = headers['content-length'];
  if (length !== undefined) return Number(length) > bodyLimit ? 0 : Number(length);
  return headers['transfer-encoding'] === undefined ? 0 : bodyLimit;
}

function busy(): Problem {
  return new Problem(
    'SERVER_BUSY',
    'The server is reading as much as it can hold. Try again shortly.',
    { headers: { 'retry-after': String(RETRY_AFTER_SECONDS) } },
  );
}
