import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { DashboardCall } from './checker/evidence.ts';
import { patient } from '../../testing/patience.ts';

const PATIENCE_MS = patient(60_000);
const REQUEST_TIMEOUT_MS = 20_000;
const RETRY_MS = 200;

interface Ask {
  readonly kind: DashboardCall['kind'];
  readonly jobId: string;
  readonly body?: unknown;
  readonly idempotencyKey?: string;
}

/** A person who uses the dashboard. Each call that creates evidence has a unique user agent, so that the checker can find it. */
export class DashboardClient {
  readonly calls: DashboardCall[] = [];
  readonly urls: readonly string[];
  readonly #account: { readonly email: string; readonly password: string };
  #cookie = '';
  #next = 0;

  constructor(urls: readonly string[], account: { email: string; password: string }) {
    this.urls = urls;
    this.#account = account;
  }

  /** The session cookie, for requests without this client. */
  get cookie(): string {
    return this.#cookie;
  }

  async signIn(): Promise<void> {
    const answer = await fetch(`${this.#url()}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(this.#account),
    });
    if (answer.status !== 200) throw new Error(`sign-in failed: ${await answer.text()}`);
    this.#cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  }

  /** Requests a job with this id until its creation is confirmed. @returns the problem if it is rejected */
  async createExport(jobId: string, body: unknown): Promise<string | undefined> {
    const { status, text } = await this.#send('POST', '/api/dashboard/exports', {
      kind: 'request',
      jobId,
      body,
      idempotencyKey: jobId,
    });
    return status < 300 ? undefined : text;
  }

  /** @returns whether the cancel was accepted */
  async cancel(jobId: string): Promise<boolean> {
    const path = `/api/dashboard/exports/${jobId}/cancel`;
    return (await this.#send('POST', path, { kind: 'cancel', jobId })).status === 200;
  }

  /** Downloads the file and repeats until it has arrived completely. */
  async download(jobId: string): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    while (!(await this.downloadOnce(jobId))) {
      if (performance.now() > deadline) throw new Error(`export ${jobId} could not be downloaded`);
      await wait(RETRY_MS);
    }
  }

  /**
   * @param onPiece decides after each chunk whether to continue reading
   * @returns whether the file arrived completely
   */
  async downloadOnce(
    jobId: string,
    onPiece: (bytes: number) => Promise<boolean> | boolean = () => true,
  ): Promise<boolean> {
    const call = this.#call('download', jobId);
    try {
      const answer = await this.#fetch('GET', `/api/exports/${jobId}/download`, call.userAgent);
      call.status = answer.status;
      if (answer.status !== 200 || answer.body === null) {
        await answer.body?.cancel();
        return false;
      }
      const hash = createHash('sha256');
      for await (const piece of answer.body) {
        call.bytes += piece.length;
        hash.update(piece);
        if (!(await onPiece(piece.length))) return false;
      }
      call.sha256 = hash.digest('hex');
      return true;
    } catch {
      return false;
    } finally {
      call.over = true;
    }
  }

  async #send(method: string, path: string, ask: Ask): Promise<{ status: number; text: string }> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const call = this.#call(ask.kind, ask.jobId);
      try {
        const answer = await this.#fetch(method, path, call.userAgent, ask);
        const text = await answer.text();
        call.status = answer.status;
        // 401 and 403 occur temporarily while the clocks of dashboard and api differ.
        if (answer.status < 500 && answer.status !== 401) return { status: answer.status, text };
      } catch {
        // Without a response, only the evidence shows whether it was done.
      } finally {
        call.over = true;
      }
      if (performance.now() > deadline) throw new Error(`${method} ${path} never got a response`);
      await wait(RETRY_MS);
    }
  }

  #call(kind: DashboardCall['kind'], jobId: string): DashboardCall {
    const call = {
      kind,
      jobId,
      userAgent: `faults/${randomUUID()}`,
      status: undefined,
      bytes: 0,
      sha256: undefined,
      over: false,
    };
    this.calls.push(call);
    return call;
  }

  #fetch(method: string, path: string, userAgent: string, ask?: Ask): Promise<Response> {
    return fetch(`${this.#url()}${path}`, {
      method,
      headers: {
        cookie: this.#cookie,
        'user-agent': userAgent,
        ...(ask?.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(ask?.idempotencyKey === undefined ? {} : { 'idempotency-key': ask.idempotencyKey }),
      },
      ...(ask?.body === undefined ? {} : { body: JSON.stringify(ask.body) }),
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
  }

  #url(): string {
    return this.urls[this.#next++ % this.urls.length] ?? '';
  }
}
