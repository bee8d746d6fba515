import { z } from 'zod';
import { Problem } from '../errors.ts';
import type { ApiAnswer } from './api-client.ts';
import { isApiError } from './api-catalogue.ts';

/** Largest error answer of the api that is looked at. */
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
 * An error answer of the api, if it is one of its catalogue's shape: problem+json, known members, scalars
 * besides. Anything else (a proxy's HTML, a stack trace) is undefined and must not reach a browser.
 */
export function parseUpstreamProblem(answer: {
  readonly status: number;
  readonly contentType: string | undefined;
  readonly text: string;
}): UpstreamProblem | undefined {
  if (!/^application\/problem\+json\b/.test(answer.contentType ?? '')) return undefined;
  const parsed = problemSchema.safeParse(parse(answer.text));
  if (!parsed.success || parsed.data.status !== answer.status) return undefined;
  // Our own token was refused: that is between dashboard and api, the person is signed in.
  if (parsed.data.code === 'UNAUTHENTICATED') return undefined;
  const { errors, ...members } = parsed.data;
  const safe = Object.entries(members).filter(([, value]) => scalar.safeParse(value).success);
  // The schema has checked them; `safe` only leaves members out.
  return problemSchema.parse({
    ...Object.fromEntries(safe),
    ...(errors === undefined ? {} : { errors }),
  });
}

/**
 * The code of an error answer that is certainly the api's own: a problem document with a code of its catalogue and the
 * status of that code. undefined: the answer may be a gateway's, so it does not say what the api did.
 */
export function ownErrorCode({ status, headers, text }: ApiAnswer): string | undefined {
  if (!/^application\/problem\+json\b/.test(headers['content-type'] ?? '')) return undefined;
  const { data } = problemSchema.safeParse(parse(text));
  if (data === undefined || data.status !== status) return undefined;
  return isApiError(data.code, status) ? data.code : undefined;
}

/** Whether the api itself says that there is no such thing. A 404 of a gateway does not say so. */
export function isMissing(answer: ApiAnswer): boolean {
  return ownErrorCode(answer) === 'NOT_FOUND';
}

export function apiUnavailable(cause?: unknown): Problem {
  return new Problem('API_UNAVAILABLE', 'The api cannot be reached right now. Try again shortly.', {
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
