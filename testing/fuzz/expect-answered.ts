import { expect } from 'vitest';
import type { HostileRequest } from './hostile-request.ts';
import { patient } from '../patience.ts';

const WITHIN_MS = patient(10_000);

interface Sent {
  readonly url: string;
  readonly method: string;
  /** The caller's headers, such as a key; the request may replace them. */
  readonly credentials: Readonly<Record<string, string>>;
  /** Code → status and title of every possible error. The dashboard forwards errors of the api. */
  readonly catalogues: readonly Readonly<Record<string, { status: number; title: string }>>[];
}

/**
 * Sends the request and checks that a response arrives in time, is not an internal error and, if it is an error, is a
 * problem document of the catalogue. @returns its status
 */
export async function expectAnswered(
  { path, headers, body, credentials }: HostileRequest,
  { url, method, credentials: own, catalogues }: Sent,
): Promise<number> {
  const given =
    credentials === undefined ? own : { authorization: credentials, cookie: credentials };
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...given, ...headers },
    ...(body === undefined || method === 'GET' || method === 'HEAD' ? {} : { body }),
    redirect: 'manual',
    signal: AbortSignal.timeout(WITHIN_MS),
  });
  const text = await answer.text();
  const said = `${method} ${path} ${JSON.stringify({ headers, body: String(body), credentials })} → ${answer.status} ${text}`;
  expect(answer.status, said).toBeLessThan(500);
  if (answer.status < 400 || method === 'HEAD') return answer.status;
  expect(answer.headers.get('content-type'), said).toMatch(/^application\/problem\+json\b/);
  const problem = JSON.parse(text) as { code: string; title: string; requestId: string };
  const known = catalogues.map((catalogue) => catalogue[problem.code]);
  expect(known, said).toContainEqual({ status: answer.status, title: problem.title });
  expect(problem.requestId, said).toBe(answer.headers.get('x-request-id'));
  return answer.status;
}
