import type { IncomingHttpHeaders } from 'node:http';
import { type ErrorCode, Problem } from '../errors.ts';
import { apiUnavailable, parseUpstreamProblem } from '../upstream/upstream-problem.ts';

/** Every way a download is refused, in our words: nothing of the api's answer but its code is used. */
const DETAILS = {
  NOT_FOUND: 'There is no such export.',
  PERMISSION_DENIED: 'You may not download this export.',
  WORKSPACE_FORBIDDEN: 'You may not download this export.',
  EXPORT_NOT_READY: 'This export is not finished. Try again when it has succeeded.',
  EXPORT_NOT_AVAILABLE: 'This export has no file: it failed or was canceled. Start it again.',
  EXPORT_EXPIRED: 'The file has expired. Rerun the export to get a new one.',
  RANGE_NOT_SATISFIABLE: 'The range is not within the file.',
  ARTIFACT_UNAVAILABLE: 'The file cannot be read right now. Try again, or rerun the export.',
  RATE_LIMITED: 'Too many requests. Try again shortly.',
  REGION_UNAVAILABLE: 'The region cannot be reached right now. Try again shortly.',
} as const satisfies Partial<Record<ErrorCode, string>>;

/** The problem to answer with when the api refused. */
export function refusalOf(status: number, headers: IncomingHttpHeaders, text: string): Problem {
  const problem = parseUpstreamProblem({ status, contentType: headers['content-type'], text });
  const code = problem?.code ?? (status === 416 ? 'RANGE_NOT_SATISFIABLE' : '');
  if (!isKnown(code)) return apiUnavailable();
  const range = headers['content-range'];
  const retryAfter = headers['retry-after'];
  return new Problem(code, DETAILS[code], {
    headers: {
      ...(code === 'RANGE_NOT_SATISFIABLE' && range !== undefined
        ? { 'content-range': range }
        : {}),
      ...(retryAfter !== undefined && /^\d+$/.test(retryAfter)
        ? { 'retry-after': retryAfter }
        : {}),
    },
  });
}

function isKnown(code: string): code is keyof typeof DETAILS {
  return Object.hasOwn(DETAILS, code);
}
