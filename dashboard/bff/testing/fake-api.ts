import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { decodeJwt, type JWTPayload } from 'jose';

export interface SeenRequest {
  readonly method: string;
  /** Including the query. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly claims: JWTPayload;
}

type Answer = (response: ServerResponse, request: SeenRequest) => void | Promise<void>;

/** A fake api over real HTTP, for responses that the real api never sends. */
export interface FakeApi extends AsyncDisposable {
  readonly url: string;
  readonly seen: SeenRequest[];
  /** `route` is a method and path, such as `GET /dashboard/exports`. A later handler replaces an earlier one. */
  on(route: string, answer: Answer): void;
}

export async function startFakeApi(): Promise<FakeApi> {
  const routes = new Map<string, Answer>();
  const seen: SeenRequest[] = [];
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const { method = '', url = '', headers } = request;
    const body = (await buffer(request)).toString('utf8');
    const token = headers.authorization?.slice('Bearer '.length);
    const entry = {
      method,
      path: url,
      headers,
      body,
      claims: token === undefined ? {} : decodeJwt(token),
    };
    seen.push(entry);
    const answer = routes.get(`${method} ${url.split('?')[0] ?? ''}`) ?? problem(404, 'NOT_FOUND');
    await answer(response, entry);
  };
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  routes.set('GET /health', json(200, { ok: true }));
  routes.set('PUT /dashboard/company', noContent);
  routes.set('GET /dashboard/outbox', json(200, { data: [] }));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    on: (route, answer) => void routes.set(route, answer),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export function json(status: number, value: unknown): Answer {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  };
}

export const noContent: Answer = (response) => {
  response.writeHead(204).end();
};

export function problem(status: number, code: string): Answer {
  const body = {
    type: 'about:blank',
    title: 'No',
    status,
    code,
    detail: 'secret of the api',
    requestId: 'r',
  };
  return (response) => {
    response
      .writeHead(status, { 'content-type': 'application/problem+json' })
      .end(JSON.stringify(body));
  };
}
