import { HttpProblem, type ProblemOptions } from '../contract/problem.ts';

/** Errors that every HTTP server of the product can answer with before a route's own code runs. */
export const EDGE_ERRORS = {
  MALFORMED_JSON: { status: 400, title: 'The body is not valid JSON' },
  VALIDATION_FAILED: { status: 400, title: 'The request is not valid' },
  NOT_FOUND: { status: 404, title: 'Not found' },
  REQUEST_TIMEOUT: { status: 408, title: 'The request took too long to arrive' },
  PAYLOAD_TOO_LARGE: { status: 413, title: 'The request is too large' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, title: 'Unsupported media type' },
  RATE_LIMITED: { status: 429, title: 'Too many requests' },
  HEADERS_TOO_LARGE: { status: 431, title: 'The request headers are too large' },
  INTERNAL: { status: 500, title: 'Something went wrong' },
  SERVER_BUSY: { status: 503, title: 'The server is at capacity' },
} as const;

export type EdgeErrorCode = keyof typeof EDGE_ERRORS;

/** An error of the HTTP edge itself. */
export class EdgeProblem extends HttpProblem<EdgeErrorCode> {
  constructor(code: EdgeErrorCode, detail: string, options?: ProblemOptions) {
    super(EDGE_ERRORS, code, detail, options);
  }
}

export function notFound(): EdgeProblem {
  return new EdgeProblem('NOT_FOUND', 'There is nothing at this address.');
}
