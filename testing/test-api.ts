import type { FastifyInstance } from 'fastify';
import { buildApp } from '../server/src/api/build-app.ts';
import type { ApiDeps, ApiRegion } from '../server/src/api/api-deps.ts';
import type { HttpLimits } from '../http-edge/http-limits.ts';
import type { TokenKeys } from '../server/src/tenancy/token-keys.ts';
import { testTokenKeys } from './dashboard-token.ts';
import { silent } from './test-region.ts';

/** The api on a free port of 127.0.0.1, over real HTTP. */
export interface TestApi extends AsyncDisposable {
  readonly app: FastifyInstance;
  readonly url: string;
  /** Sends a request with a key. `body` is sent as JSON unless it is a string or bytes. */
  request(key: string, method: string, path: string, options?: RequestOptions): Promise<Response>;
}

export interface RequestOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export async function startTestApi(
  regions: readonly ApiRegion[],
  settings: Partial<ApiDeps['settings']> = {},
  tokenKeys: TokenKeys = testTokenKeys,
  limits?: HttpLimits,
): Promise<TestApi> {
  const deps: ApiDeps = {
    regions: new Map(regions.map((region) => [region.name, region])),
    log: silent,
    tokenKeys,
    settings: { exportMaxRows: 1_000_000, exportMaxRunning: 2, ...settings },
  };
  const app = await buildApp(deps, limits);
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    app,
    url,
    request: (key, method, path, { body, headers } = {}) =>
      fetch(`${url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${key}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: encode(body) }),
      }),
    [Symbol.asyncDispose]: async () => {
      const closed = app.close();
      // Close connections of responses that a test did not read completely, instead of waiting for the keep-alive timeout.
      app.server.closeAllConnections();
      await closed;
    },
  };
}

function encode(body: unknown): string | Uint8Array<ArrayBuffer> {
  if (typeof body === 'string') return body;
  if (body instanceof Uint8Array) return new Uint8Array(body);
  return JSON.stringify(body);
}
