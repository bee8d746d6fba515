import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../errors.ts';
import { onConnectionClosed } from '../../../http-edge/on-connection-closed.ts';

const RETRY_AFTER_SECONDS = 5;

declare module 'fastify' {
  interface FastifyInstance {
    openDownloads: OpenDownloads;
  }
}

/** Files being sent to each key or person, counted by each api process for itself. */
class OpenDownloads {
  readonly #open = new Map<string, number>();
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  /**
   * Counts one more, until its answer is sent or its connection gone.
   * @throws Problem RATE_LIMITED with Retry-After when the caller has as many as it may
   */
  begin(caller: string, request: FastifyRequest, reply: FastifyReply): void {
    const open = this.#open.get(caller) ?? 0;
    if (open >= this.#max) {
      throw new Problem(
        'RATE_LIMITED',
        `You have ${open} downloads open. Let one end, then try again.`,
        {
          members: { policy: 'downloads', limit: this.#max },
          headers: { 'retry-after': String(RETRY_AFTER_SECONDS) },
        },
      );
    }
    this.#open.set(caller, open + 1);
    onConnectionClosed(request, reply, () => {
      const left = (this.#open.get(caller) ?? 1) - 1;
      if (left === 0) this.#open.delete(caller);
      else this.#open.set(caller, left);
    });
  }
}

/** Gives the application its `openDownloads`. */
export function limitDownloads(app: FastifyInstance, maxPerCaller: number): void {
  app.decorate('openDownloads', new OpenDownloads(maxPerCaller));
}
