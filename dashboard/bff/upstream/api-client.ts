import { Agent as HttpAgent, type IncomingMessage, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { text } from 'node:stream/consumers';
import { openPausedResponse } from './http-client/open-paused-response.ts';
import type { PausedResponse } from './http-client/paused-response.ts';

export interface ApiCall {
  readonly method: string;
  /** Path and query, starting with `/`. */
  readonly path: string;
  /** Signed token; without one for `/ready`. */
  readonly token?: string;
  /** JSON text. */
  readonly body?: string | Buffer;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Maximum time until the response starts; default: the client's. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

/** The api could not be reached, or its response was incomplete. */
export class ApiUnavailable extends Error {
  override readonly name = 'ApiUnavailable';
  /** True if the request certainly did not arrive, so the api did nothing. */
  readonly neverSent: boolean;

  constructor(cause: unknown) {
    super('the api did not answer', { cause });
    this.neverSent = errorCodes(cause).some((code) => NEVER_SENT.has(code));
  }
}

/** The cause of an ApiUnavailable: the response was larger than the dashboard holds in memory. */
export class AnswerTooLarge extends Error {
  override readonly name = 'AnswerTooLarge';
}

const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);
const MAX_RESPONSE_BYTES = 16 * 1024 * 1024;

/**
 * Calls the api, which has one address for all regions. It uses node:http instead of fetch: the body is the socket's own
 * stream, piped with backpressure and without the copies of web streams. Files use openPaused().
 */
export class ApiClient {
  readonly #base: URL;
  readonly #agent: HttpAgent | HttpsAgent;

  readonly #timeoutMs: number;

  /** @param timeoutMs maximum time until a call is answered; the reconciler takes over only later */
  constructor(url: string, timeoutMs: number) {
    this.#base = new URL(url);
    this.#timeoutMs = timeoutMs;
    const options = { keepAlive: true, maxFreeSockets: 32, timeout: 60_000 };
    this.#agent =
      this.#base.protocol === 'https:' ? new HttpsAgent(options) : new HttpAgent(options);
  }

  /**
   * Resolves when the response starts; the caller must read or destroy it.
   * @throws ApiUnavailable
   */
  open(call: ApiCall): Promise<IncomingMessage> {
    const send = this.#base.protocol === 'https:' ? httpsRequest : httpRequest;
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const request = send(new URL(call.path, this.#base), {
      method: call.method,
      agent: this.#agent,
      headers: headersOf(call),
      ...(call.signal === undefined ? {} : { signal: call.signal }),
    });
    const timer = setTimeout(
      () => request.destroy(new Error('the api took too long to answer')),
      call.timeoutMs ?? this.#timeoutMs,
    );
    request.once('response', (response) => {
      clearTimeout(timer);
      resolve(response);
    });
    // The listener stays: after the response has started, the response itself reports errors.
    request.on('error', (error) => {
      clearTimeout(timer);
      reject(new ApiUnavailable(error));
    });
    request.end(call.body);
    return promise;
  }

  /** A GET whose body is a file; the caller must read or destroy the response. @throws ApiUnavailable */
  async openPaused(call: ApiCall & { readonly signal: AbortSignal }): Promise<PausedResponse> {
    try {
      return await openPausedResponse({
        url: new URL(call.path, this.#base),
        headers: headersOf(call),
        signal: call.signal,
        timeoutMs: call.timeoutMs ?? this.#timeoutMs,
      });
    } catch (error) {
      throw new ApiUnavailable(error);
    }
  }

  /** open() with the whole response as text, for small responses. @throws ApiUnavailable */
  async call(call: ApiCall): Promise<ApiAnswer> {
    const response = await this.open(call);
    try {
      return {
        status: response.statusCode ?? 0,
        headers: response.headers,
        text: await readText(response, MAX_RESPONSE_BYTES),
      };
    } catch (error) {
      throw new ApiUnavailable(error);
    }
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** The body as text; fails if it is larger than `max` bytes. */
export async function readText(response: IncomingMessage, max: number): Promise<string> {
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > max)
      response.destroy(new AnswerTooLarge(`the api's answer is larger than ${max} bytes`));
  });
  return text(response);
}

function headersOf({ token, body, headers }: ApiCall): Record<string, string> {
  const given = Object.entries(headers ?? {}).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return {
    ...Object.fromEntries(given),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(body === undefined
      ? {}
      : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }),
  };
}

function errorCodes(error: unknown): string[] {
  if (error instanceof AggregateError) return error.errors.flatMap(errorCodes);
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? [error.code]
    : [];
}
