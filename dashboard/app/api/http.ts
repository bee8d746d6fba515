import { ApiProblem, networkProblem } from './problem.ts';

/** A query parameter. A list repeats its name; undefined leaves it out. */
type Parameter = string | number | boolean | readonly string[] | undefined;
export type Parameters = Readonly<Record<string, Parameter>>;

export interface CallOptions {
  readonly parameters?: Parameters;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Default: JSON.parse. Events need a parser that keeps all digits (event-json.ts). */
  readonly parse?: (text: string) => unknown;
}

export interface Answer<Body> {
  readonly body: Body;
  readonly headers: Headers;
}

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

const sessionLostListeners = new Set<() => void>();

/** Registers a listener for 401 responses: the session has ended. @returns a function that removes the listener */
export function onSessionLost(listener: () => void): () => void {
  sessionLostListeners.add(listener);
  return () => void sessionLostListeners.delete(listener);
}

/**
 * Calls the dashboard's server. `Body` is the documented response type of the route
 * (docs/internals/dashboard-api.md); it is not validated here.
 *
 * @param path absolute path such as `/api/dashboard/exports`
 * @throws ApiProblem; the AbortError of `signal`
 */
export async function call<Body>(
  method: Method,
  path: string,
  options: CallOptions = {},
): Promise<Answer<Body>> {
  const { parameters, body, headers, signal, parse = JSON.parse } = options;
  const response = await fetch(path + queryString(parameters), {
    method,
    // A deletion sent while the page is being closed must still reach the server.
    keepalive: method === 'DELETE',
    headers: {
      accept: 'application/json',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(signal && { signal }),
  }).catch((error: unknown) => {
    if (signal?.aborted === true) throw error;
    throw networkProblem();
  });
  const text = await response.text();
  if (!response.ok) throw problemOf(response.status, text);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- documented response type of the route, see above
  return { body: (text === '' ? undefined : parse(text)) as Body, headers: response.headers };
}

export async function getJson<Body>(path: string, options: CallOptions = {}): Promise<Body> {
  return (await call<Body>('GET', path, options)).body;
}

/** `?a=1&a=2`, or an empty string. */
export function queryString(parameters: Parameters = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item !== undefined) search.append(name, String(item));
    }
  }
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}

function problemOf(status: number, text: string): ApiProblem {
  const problem = new ApiProblem(status, documentOf(text));
  if (problem.code === 'UNAUTHENTICATED') for (const listener of sessionLostListeners) listener();
  return problem;
}

function documentOf(text: string): Record<string, unknown> {
  try {
    const document: unknown = JSON.parse(text);
    return typeof document === 'object' && document !== null ? { ...document } : {};
  } catch {
    return {};
  }
}
