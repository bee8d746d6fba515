import { expect } from 'vitest';
import type { FieldError } from '../contract/problem.ts';
import { ERROR_CATALOGUE, type ErrorCode } from '../server/src/errors.ts';

interface ProblemJson {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly requestId: string;
  readonly errors?: readonly FieldError[];
  /** Members specific to the code, such as `rows`. */
  readonly [member: string]: unknown;
}

/** Expects a complete problem document (RFC 9457, guarantee 10) with this code, and returns it. */
export async function expectProblem(answer: Response, code: ErrorCode): Promise<ProblemJson> {
  const text = await answer.text();
  expect.soft(answer.headers.get('content-type'), text).toMatch(/^application\/problem\+json\b/);
  const problem = JSON.parse(text) as ProblemJson;
  const { status, title } = ERROR_CATALOGUE[code];
  expect(problem).toMatchObject({ code, status, title, type: 'about:blank' });
  expect(answer.status).toBe(status);
  expect(problem.detail).toMatch(/\S/);
  expect(problem.requestId).toMatch(/^[0-9a-f-]{36}$/);
  expect(problem.requestId).toBe(answer.headers.get('x-request-id'));
  return problem;
}
