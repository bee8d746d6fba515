import type { IncomingHttpHeaders } from 'node:http';
import { type ErrorCode, Problem } from '../errors.ts';
import { apiUnavailable, ownErrorCode } from '../upstream/upstream-problem.ts';

/** The dashboard's own text for every error of a download: only the code of the api's response is used. */
const DETAILS = {
  NOT_FOUND: 'This export does not exist.',
  PERMISSION_DENIED: 'You do not have permission to download this export.',
  WORKSPACE_FORBIDDEN: 'You do not have permission to download this export.',
  EXPORT_NOT_READY: 'This export has not finished. Try again after it has succeeded.',
  EXPORT_NOT_AVAILABLE: 'This export has no file: it failed or was canceled. Rerun it.',
  EXPORT_EXPIRED: 'The file has expired. Rerun the export to get a new one.',
  PRECONDITION_FAILED: 'The file is not the version in If-Match.',
  RANGE_NOT_SATISFIABLE: 'The range is outside the file.',
  EXPORT_FILE_DELETED: 'The file was deleted. Rerun the export to get a new one.',
  ARTIFACT_MISSING:
    'The file is missing from the artifact store. Rerun the export to get a new one, and tell your operator.',
  ARTIFACT_UNAVAILABLE: 'The file cannot be read right now. Try again in a moment.',
  RATE_LIMITED: 'Too many requests. Try again shortly.',
  REGION_UNAVAILABLE: 'The region cannot be reached right now. Try again shortly.',
} as const satisfies Partial<Record<ErrorCode, string>>;

/** The problem for the browser after the api answered with an error. */
export function refusalOf(status: number, headers: IncomingHttpHeaders, text: string): Problem {
  const code =
    ownErrorCode({ status, headers, text }) ??
    (text === '' ? codeWithoutBody(status, headers) : undefined) ??
    '';
  if (!isKnown(code)) return apiUnavailable();
  const range = headers['content-range'];
  const retryAfter = headers['retry-after'];
  const { etag } = headers;
  return new Problem(code, DETAILS[code], {
    headers: {
      ...(code === 'RANGE_NOT_SATISFIABLE' && range !== undefined
        ? { 'content-range': range }
        : {}),
      ...(code === 'PRECONDITION_FAILED' && etag !== undefined ? { etag } : {}),
      ...(retryAfter !== undefined && /^\d+$/.test(retryAfter)
        ? { 'retry-after': retryAfter }
        : {}),
    },
  });
}

/**
 * The code of an error response to HEAD, which has no body that could state it. Only the api's own responses count; 412
 * and 416 mean the same from any server.
 */
function codeWithoutBody(
  status: number,
  headers: IncomingHttpHeaders,
): keyof typeof DETAILS | undefined {
  if (status === 412) return 'PRECONDITION_FAILED';
  if (status === 416) return 'RANGE_NOT_SATISFIABLE';
  if (!/^application\/problem\+json\b/.test(headers['content-type'] ?? '')) return undefined;
  if (status === 403) return 'PERMISSION_DENIED';
  if (status === 404) return 'NOT_FOUND';
  if (status === 409)
    return headers['retry-after'] === undefined ? 'EXPORT_NOT_AVAILABLE' : 'EXPORT_NOT_READY';
  if (status === 410) return 'EXPORT_EXPIRED';
  return status === 503 ? 'ARTIFACT_UNAVAILABLE' : undefined;
}

function isKnown(code: string): code is keyof typeof DETAILS {
  return Object.hasOwn(DETAILS, code);
}
