import { setTimeout as wait } from 'node:timers/promises';
import { patient } from '../../testing/patience.ts';

export interface SeenJob {
  readonly jobId: string;
  readonly status: string;
  readonly attempt: number;
  readonly rowsExported: number;
  readonly failureCode: string | null;
}

interface Ask {
  readonly body?: unknown;
  readonly idempotencyKey?: string;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

const RETRY_MS = 100;
const PATIENCE_MS = patient(60_000);
const REQUEST_TIMEOUT_MS = 20_000;

/** A well-behaved client: it switches to another api and repeats requests whose outcome is unknown. */
export class ApiClient {
  readonly urls: readonly string[];
  readonly key: string;
  #next = 0;

  constructor(urls: readonly string[], key: string) {
    this.urls = urls;
    this.key = key;
  }

  /** Repeats the request until it receives a complete response with a status below 500. */
  async send(method: string, path: string, ask: Ask = {}): Promise<Answer> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const answer = await this.#whole(method, path, ask).catch((error: unknown) => error);
      if (isAnswer(answer) && answer.status < 500) return answer;
      if (performance.now() > deadline)
        throw new Error(`${method} ${path} never got a response`, { cause: answer });
      await wait(RETRY_MS);
    }
  }

  async #whole(method: string, path: string, ask: Ask): Promise<Answer> {
    const response = await this.once(method, path, ask);
    return { status: response.status, text: await response.text() };
  }

  async once(method: string, path: string, { body, idempotencyKey }: Ask = {}): Promise<Response> {
    const url = this.urls[this.#next++ % this.urls.length] ?? '';
    return fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
  }

  async job(jobId: string): Promise<SeenJob> {
    return JSON.parse((await this.send('GET', `/v1/exports/${jobId}`)).text) as SeenJob;
  }
}

function isAnswer(value: unknown): value is Answer {
  return typeof value === 'object' && value !== null && 'status' in value;
}
