import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { BodyBudget, BodyCharge } from './body-budget.ts';
import { EdgeProblem } from './edge-problem.ts';
import type { BodyLimits } from './http-limits.ts';
import { onConnectionClosed } from './on-connection-closed.ts';

const CHECK_SPEED_EVERY_MS = 250;

/** Whose share of the budget a request's body counts against: a company, or an address before one is known. */
export type BodyOwner = (request: FastifyRequest) => string | Promise<string>;

interface ArrivingBody {
  readonly startedAt: number;
  bytes: number;
  readonly refuse: (problem: EdgeProblem) => void;
}

/**
 * Reads request bodies into memory. Bytes are charged to their owner when they arrive, not when they are announced: a
 * connection that announces 64 MiB and sends nothing holds nothing. The first 64 KiB of every body are free, so small
 * bodies are always accepted. A body that arrives too slowly is rejected with 408.
 */
export class BodyReceiver {
  readonly #budget: BodyBudget;
  readonly #limits: BodyLimits;
  readonly #charges = new WeakMap<FastifyRequest, BodyCharge>();
  readonly #arriving = new Set<ArrivingBody>();
  #timer: NodeJS.Timeout | undefined;

  constructor(budget: BodyBudget, limits: BodyLimits) {
    this.#budget = budget;
    this.#limits = limits;
  }

  /** Releases a body's bytes after its response was sent or its connection closed. */
  watch(app: FastifyInstance, ownerOf: BodyOwner): void {
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

  /** Whether a body may become larger than the bodies that are always accepted. */
  #mayGrow({ headers, routeOptions }: FastifyRequest): boolean {
    const { smallBodyBytes } = this.#limits;
    if (headers['transfer-encoding'] !== undefined) return routeOptions.bodyLimit > smallBodyBytes;
    return Number(headers['content-length'] ?? 0) > smallBodyBytes;
  }

  /** @throws EdgeProblem PAYLOAD_TOO_LARGE, SERVER_BUSY, REQUEST_TIMEOUT */
  receive(request: FastifyRequest, payload: Readable): Promise<Buffer> {
    const { bodyLimit } = request.routeOptions;
    const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
    const length = Number(request.headers['content-length'] ?? 0);
    if (length > bodyLimit) return Promise.reject(tooLarge(bodyLimit));
    const chunks: Buffer[] = [];
    const arriving: ArrivingBody = { startedAt: performance.now(), bytes: 0, refuse };
    const onData = (chunk: Buffer) => {
      arriving.bytes += chunk.length;
      if (arriving.bytes > bodyLimit) return refuse(tooLarge(bodyLimit));
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
      // The rest of the body is read and dropped, so that the client gets to read the response.
      payload.resume();
      reject(error instanceof Error ? error : new Error('the body could not be read'));
    }
    payload.on('data', onData);
    payload.once('end', () => {
      end();
      resolve(chunks.length === 1 ? (chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(chunks));
    });
    payload.once('error', refuse);
    payload.once('close', () => refuse(cutOff()));
    this.#watchSpeed(arriving);
    return promise;
  }

  /** @param arrived bytes of this body so far, including the `bytes` to charge */
  #charge(request: FastifyRequest, arrived: number, bytes: number): void {
    const charge = this.#charges.get(request);
    if (arrived <= this.#limits.smallBodyBytes) return;
    // The connection has closed: nothing would release the bytes later.
    if (charge === undefined) throw cutOff();
    this.#budget.charge(charge, charge.bytes === 0 ? arrived : bytes);
  }

  #watchSpeed(arriving: ArrivingBody): void {
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

function tooLarge(maxBytes: number): EdgeProblem {
  return new EdgeProblem(
    'PAYLOAD_TOO_LARGE',
    `The body is larger than the ${maxBytes} bytes that this address accepts.`,
  );
}

function cutOff(): EdgeProblem {
  return new EdgeProblem('REQUEST_TIMEOUT', 'The connection closed before the whole body arrived.');
}

/** The connection is closed after the response: a client this slow would send the rest for minutes. */
function tooSlow(minBytesPerSecond: number): EdgeProblem {
  return new EdgeProblem(
    'REQUEST_TIMEOUT',
    `The body arrived too slowly: less than ${minBytesPerSecond} bytes per second. Send it again.`,
    { headers: { connection: 'close' } },
  );
}
