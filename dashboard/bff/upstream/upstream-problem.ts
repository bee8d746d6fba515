import { z } from 'zod';
import { Problem } from '../errors.ts';
import type { ApiAnswer } from './api-client.ts';
import { isApiError } from './api-catalogue.ts';

/** Maximum size of an error response of the api. */
export const MAX_PROBLEM_BYTES = 256 * 1024;

const scalar = z.union([z.string().max(2_000), z.number(), z.boolean(), z.null()]);
const problemSchema = z
  .object({
    type: z.literal('about:blank'),
    title: z.string().max(300),
    status: z.int().min(400).max(599),
    code: z.string().regex(/^[A-Z][A-Z_]{2,60}$/),
    detail: z.string().max(4_000),
    requestId: z.string().max(100),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .max(1_000)
      .optional(),
  })
  .catchall(z.unknown());

export type UpstreamProblem = z.output<typeof problemSchema>;

/**
 * Parses an error response of the api: problem+json with the known members and otherwise scalars. Any other response (a
 * proxy's HTML, a stack trace) is undefined and must not reach a browser.
 */
export function parseUpstreamProblem(answer: {
  readonly status: number;
  readonly contentType: string | undefined;
  readonly text: string;
}): UpstreamProblem | undefined {
  if (!/^application\/problem\+json\b/.test(answer.contentType ?? '')) return undefined;
  const parsed = problemSchema.safeParse(parse(answer.text));
  if (!parsed.success || parsed.data.status !== answer.status) return undefined;
  // The api rejected the dashboard's own token; the person is signed in.
  if (parsed.data.code === 'UNAUTHENTICATED') return undefined;
  const { errors, ...members } = parsed.data;
  const safe = Object.entries(members).filter(([, value]) => scalar.safeParse(value).success);
  // The schema has checked the members; `safe` only omits some.
  return problemSchema.parse({
    ...Object.fromEntries(safe),
    ...(errors === undefined ? {} : { errors }),
  });
}

/**
 * The code of an error response that certainly comes from the api: a problem document with a code of its catalogue and
 * the status of that code. undefined: the response may come from a gateway, so the outcome is unknown.
 */
export function ownErrorCode({ status, headers, text }: ApiAnswer): string | undefined {
  if (!/^application\/problem\+json\b/.test(headers['content-type'] ?? '')) return undefined;
  const { data } = problemSchema.safeParse(parse(text));
  if (data === undefined || data.status !== status) return undefined;
  return isApiError(data.code, status) ? data.code : undefined;
}

/** Whether the api itself answered NOT_FOUND; a gateway's 404 does not count. */
export function isMissing(answer: ApiAnswer): boolean {
  return ownErrorCode(answer) === 'NOT_FOUND';
}

export function apiUnavailable(cause?: unknown): Problem {
  return new Problem('API_UNAVAILABLE', 'The API cannot be reached right now. Try again shortly.', {
    headers: { 'retry-after': '5' },
    cause,
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
