import { ExhibitError, ExhibitNetworkError } from './errors.ts';
import { errorFromResponse } from './problem-response.ts';
import { type RetryPolicy, withRetries } from './retry.ts';

/** Options of every call. Aborting the signal rejects the call with the signal's reason. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface ApiRequest extends CallOptions {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'DELETE';
  /** Path from the root of the API, such as `/v1/events`. */
  readonly path: string;
  readonly query?: URLSearchParams;
  readonly headers?: Readonly<Record<string, string>>;
  /** A JSON text. */
  readonly body?: string | Uint8Array<ArrayBuffer>;
  /** Whether sending it twice has the same effect as sending it once. Only idempotent requests are retried. */
  readonly idempotent: boolean;
}

/** Has the type of JSON.parse: the result is not checked against the type that the caller expects. */
export type JsonParser = (text: string) => ReturnType<typeof JSON.parse>;

export interface TransportOptions {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly fetch: typeof fetch;
  readonly retry: RetryPolicy;
  /** Time limit for a complete JSON response, or for the headers of a download. */
  readonly timeoutMs: number;
  readonly parseJson: JsonParser;
}

/** Sends authenticated requests, retries idempotent ones and converts error responses to errors. */
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
   * Returns the JSON of a 2xx response. Its shape is not validated.
   * @throws ExhibitError, ExhibitNetworkError
   */
  async json<Answer>(request: ApiRequest, retry = this.retry): Promise<Answer> {
    const text = await this.#withRetries(request, retry, (response) => response.text());
    return this.#options.parseJson(text);
  }

  /**
   * Returns a 2xx response whose body the caller reads.
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
      // Following a redirect could send the key to another server.
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
    if (timedOut) return `${baseUrl} did not respond within ${timeoutMs / 1000} s.`;
    return `${baseUrl} cannot be reached: ${reasonOf(error)}.`;
  }
}

/** The runtime's message. fetch puts it in `cause`; if several addresses were tried, in the errors of that cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Error) return reasonOf(error.cause);
  if (error.message !== '') return error.message;
  return error instanceof AggregateError ? reasonOf(error.errors[0]) : error.name;
}
