import { ExhibitError, ExhibitNetworkError } from './errors.ts';
import { errorFromResponse } from './problem-response.ts';
import { type RetryPolicy, withRetries } from './retry.ts';

/** Every call takes a signal; aborting it rejects the call with the signal's reason. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface ApiRequest extends CallOptions {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'DELETE';
  /** From the root of the api, such as `/v1/events`. */
  readonly path: string;
  readonly query?: URLSearchParams;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body?: string | Uint8Array<ArrayBuffer>;
  /** Sending it twice does what sending it once does: only then is it retried. */
  readonly idempotent: boolean;
}

/** As JSON.parse: nobody checks that what comes out has the shape the caller names. */
export type JsonParser = (text: string) => ReturnType<typeof JSON.parse>;

export interface TransportOptions {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly fetch: typeof fetch;
  readonly retry: RetryPolicy;
  /** For the whole of a JSON answer, for the headers of a download. */
  readonly timeoutMs: number;
  readonly parseJson: JsonParser;
}

/** Sends requests with the key, retries what may be retried, turns refusals into errors. */
export class Transport {
  readonly #options: TransportOptions;

  constructor(options: TransportOptions) {
    this.#options = options;
  }

  get retry(): RetryPolicy {
    return this.#options.retry;
  }

  get timeoutMs(): number {
    return this.#options.timeoutMs;
  }

  /**
   * The JSON of a 2xx answer, trusted to have the documented shape.
   * @throws ExhibitError, ExhibitNetworkError
   */
  async json<Answer>(request: ApiRequest, retry = this.retry): Promise<Answer> {
    const text = await this.#withRetries(request, retry, (response) => response.text());
    return this.#options.parseJson(text);
  }

  /**
   * A 2xx answer whose body the caller reads.
   * @throws ExhibitError, ExhibitNetworkError
   */
  async open(request: ApiRequest, retry = this.retry): Promise<Response> {
    return this.#withRetries(request, retry, (response) => Promise.resolve(response));
  }

  async #withRetries<Result>(
    request: ApiRequest,
    retry: RetryPolicy,
    read: (response: Response) => Promise<Result>,
  ): Promise<Result> {
    const policy = request.idempotent ? retry : { ...retry, attempts: 1 };
    return withRetries(policy, request.signal, () => this.#send(request, read));
  }

  async #send<Result>(
    request: ApiRequest,
    read: (response: Response) => Promise<Result>,
  ): Promise<Result> {
    request.signal?.throwIfAborted();
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(), this.#options.timeoutMs);
    const signals = request.signal === undefined ? [] : [request.signal];
    try {
      const response = await this.#fetch(request, AbortSignal.any([timeout.signal, ...signals]));
      if (!response.ok) throw await errorFromResponse(response);
      return await read(response);
    } catch (error) {
      if (error instanceof ExhibitError) throw error;
      request.signal?.throwIfAborted();
      throw new ExhibitNetworkError(this.#explain(error, timeout.signal.aborted), { cause: error });
    } finally {
      clearTimeout(timer);
    }
  }

  #fetch({ path, query, method, headers, body }: ApiRequest, signal: AbortSignal) {
    const url = new URL(this.#options.baseUrl.replace(/\/+$/, '') + path);
    if (query !== undefined) url.search = query.toString();
    return this.#options.fetch(url, {
      method,
      signal,
      // A redirect could carry the key to another server.
      redirect: 'error',
      headers: {
        accept: 'application/json, application/problem+json',
        authorization: `Bearer ${this.#options.apiKey}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
    });
  }

  #explain(error: unknown, timedOut: boolean): string {
    const { baseUrl, timeoutMs } = this.#options;
    if (timedOut) return `${baseUrl} did not answer within ${timeoutMs / 1000} s.`;
    return `${baseUrl} cannot be reached: ${reasonOf(error)}.`;
  }
}

/** What the runtime says went wrong; fetch hides it in `cause`, and an attempt at several addresses one deeper. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Error) return reasonOf(error.cause);
  if (error.message !== '') return error.message;
  return error instanceof AggregateError ? reasonOf(error.errors[0]) : error.name;
}
