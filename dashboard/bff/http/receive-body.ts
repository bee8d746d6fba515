import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../errors.ts';
import type { BodyBudget } from './body-budget.ts';
import { type BodyCharge } from './body-budget.ts';
import type { BodyLimits } from './http-limits.ts';
import { onConnectionClosed } from './on-connection-closed.ts';

const CHECK_SPEED_EVERY_MS = 250;

interface Arriving {
  readonly startedAt: number;
  bytes: number;
  readonly refuse: (problem: Problem) => void;
}

/**
 * Reads request bodies into memory. Bytes are charged to their company when they arrive, not when they are
 * announced: a socket that announces 64 MiB and sends nothing holds nothing. The first bytes of every body are
 * free, so small bodies are always admitted. A body that arrives too slowly is refused with 408.
 */
export class BodyReceiver {
  readonly #budget: BodyBudget;
  readonly #limits: BodyLimits;
  readonly #charges = new WeakMap<FastifyRequest, BodyCharge>();
  readonly #arriving = new Set<Arriving>();
  #timer: NodeJS.Timeout | undefined;

  constructor(budget: BodyBudget, limits: BodyLimits) {
    this.#budget = budget;
    this.#limits = limits;
  }

  /** Returns what a body holds once its answer is sent or its connection is gone. */
  watch(app: FastifyInstance, ownerOf: (request: FastifyRequest) => Promise<string>): void {
    app.addHook('preParsing', async (request: FastifyRequest, reply: FastifyReply) => {
      if (!this.#mayGrow(request)) return;
      const charge = { owner: await ownerOf(request), bytes: 0 };
      if (request.raw.socket.destroyed) return;
      this.#charges.set(request, charge);
      onConnectionClosed(request, reply, () => {
        this.#charges.delete(request);
        this.#budget.release(charge);
      });
    });
    app.addHook('onClose', async () => clearInterval(this.#timer));
  }

  /** Whether a body may become larger than those that are always admitted. */
  #mayGrow({ headers, routeOptions }: FastifyRequest): boolean {
    const { smallBodyBytes } = this.#limits;
    if (headers['transfer-encoding'] !== undefined) return routeOptions.bodyLimit > smallBodyBytes;
    return Number(headers['content-length'] ?? 0) > smallBodyBytes;
  }

  /**
   * @throws Problem PAYLOAD_TOO_LARGE, SERVER_BUSY, REQUEST_TIMEOUT
   */
  receive(request: FastifyRequest, payload: Readable): Promise<Buffer> {
    const { bodyLimit } = request.routeOptions;
    const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
    const length = Number(request.headers['content-length'] ?? 0);
    if (length > bodyLimit) return Promise.reject(tooLarge());
    const chunks: Buffer[] = [];
    const arriving: Arriving = { startedAt: performance.now(), bytes: 0, refuse };
    const onData = (chunk: Buffer) => {
      arriving.bytes += chunk.length;
      if (arriving.bytes > bodyLimit) return refuse(tooLarge());
      try {
        this.#charge(request, arriving.bytes, chunk.length);
        chunks.push(chunk);
      } catch (error) {
        refuse(error);
      }
    };
    const end = () => {
      this.#arriving.delete(arriving);
      payload.off('data', onData);
    };
    function refuse(error: unknown): void {
      end();
      chunks.length = 0;
      // What still arrives is read and dropped, so that the client gets to read the answer.
      payload.resume();
      reject(error instanceof Error ? error : new Error('the body could not be read'));
    }
    payload.on('data', onData);
    payload.once('end', () => {
      end();
      resolve(chunks.length === 1 ? (chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(chunks));
    });
    payload.once('error', refuse);
    payload.once('close', () => refuse(new Problem('REQUEST_TIMEOUT', 'The body was cut off.')));
    this.#watchSpeed(arriving);
    return promise;
  }

  /** @param arrived bytes of this body so far, with these */
  #charge(request: FastifyRequest, arrived: number, bytes: number): void {
    const charge = this.#charges.get(request);
    if (arrived <= this.#limits.smallBodyBytes) return;
    // Its connection is gone: nothing would return what it holds.
    if (charge === undefined) throw new Problem('REQUEST_TIMEOUT', 'The body was cut off.');
    this.#budget.charge(charge, charge.bytes === 0 ? arrived : bytes);
  }

  #watchSpeed(arriving: Arriving): void {
    if (this.#limits.minBytesPerSecond === 0) return;
    this.#arriving.add(arriving);
    this.#timer ??= setInterval(() => this.#refuseSlow(), CHECK_SPEED_EVERY_MS).unref();
  }

  #refuseSlow(): void {
    const { graceMs, minBytesPerSecond } = this.#limits;
    const now = performance.now();
    for (const arriving of this.#arriving) {
      const lateMs = now - arriving.startedAt - graceMs;
      if (lateMs > 0 && arriving.bytes * 1000 < lateMs * minBytesPerSecond)
        arriving.refuse(tooSlow(minBytesPerSecond));
    }
  }
}

function tooLarge(): Problem {
  return new Problem(
    'PAYLOAD_TOO_LARGE',
    'The body is too large: 1 MiB at most, 16 KiB without a session.',
  );
}

/** The connection is closed after the answer: a client this slow would send the rest for minutes. */
function tooSlow(minBytesPerSecond: number): Problem {
  return new Problem(
    'REQUEST_TIMEOUT',
    `The body did not arrive in time: less than ${minBytesPerSecond} bytes a second. Send it again.`,
    { headers: { connection: 'close' } },
  );
}
