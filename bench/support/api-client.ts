import { Agent, request } from 'node:http';

/** Sends requests to an api over persistent connections, with much less client overhead than fetch. */
export class ApiClient implements Disposable {
  readonly #agent = new Agent({ keepAlive: true });
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** @throws Error with the body if the status is 300 or higher */
  send(
    method: 'GET' | 'POST',
    path: string,
    { token, body }: { token: string; body?: string },
  ): Promise<string> {
    return new Promise((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${token}`,
        ...(body === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
      };
      const sent = request(`${this.#url}${path}`, { method, headers, agent: this.#agent });
      sent.on('error', reject);
      sent.on('response', (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          const status = answer.statusCode ?? 0;
          if (status < 300) resolve(text);
          else reject(new Error(`${method} ${path} returned ${status}: ${text}`));
        });
      });
      sent.end(body);
    });
  }

  [Symbol.dispose](): void {
    this.#agent.destroy();
  }
}
