import type { components } from './generated/openapi.ts';

export type Problem = components['schemas']['Problem'];

/** One invalid field of the input; `path` is a dot path such as `filters.actions[2]`. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

/** Problem codes of the server, and `UNEXPECTED_ANSWER` for a response not from Exhibit (such as a proxy's page). */
export type ErrorCode = Problem['code'] | 'UNEXPECTED_ANSWER';

interface ExhibitErrorInit {
  readonly status: number;
  readonly code: ErrorCode;
  readonly detail: string;
  readonly requestId?: string | undefined;
  readonly errors?: readonly FieldError[] | undefined;
  readonly problem?: Problem | undefined;
  readonly retryAfterMs?: number | undefined;
}

/** The server rejected the request. Branch on `code` and show `detail`. */
export class ExhibitError extends Error {
  override readonly name: string = 'ExhibitError';
  /** The HTTP status. */
  readonly status: number;
  readonly code: ErrorCode;
  /** A message for people: what went wrong and what to do. */
  readonly detail: string;
  /** Give this ID to an operator. */
  readonly requestId: string | undefined;
  /** The invalid fields; empty if the problem is not about fields. */
  readonly errors: readonly FieldError[];
  /** The complete RFC 9457 document, with members specific to the code, such as `rows` and `maxRows`. */
  readonly problem: Problem | undefined;
  /** The delay that the server requests before a retry. */
  readonly retryAfterMs: number | undefined;

  constructor(init: ExhibitErrorInit) {
    super(`${init.code}: ${init.detail}`);
    this.status = init.status;
    this.code = init.code;
    this.detail = init.detail;
    this.requestId = init.requestId;
    this.errors = init.errors ?? [];
    this.problem = init.problem;
    this.retryAfterMs = init.retryAfterMs;
  }
}

/** The response is missing or incomplete, so the outcome is unknown. `cause` is the runtime's error. */
export class ExhibitNetworkError extends Error {
  override readonly name: string = 'ExhibitNetworkError';
}

/** The downloaded data is not the file on the server. Do not use it. Digests are SHA-256 in hex. */
export class DigestMismatchError extends Error {
  override readonly name: string = 'DigestMismatchError';
  readonly jobId: string;
  readonly expected: string;
  readonly actual: string;

  constructor(jobId: string, digests: { readonly expected: string; readonly actual: string }) {
    super(
      `The file of export ${jobId} should have SHA-256 ${digests.expected}, but the downloaded data has ${digests.actual}.`,
    );
    this.jobId = jobId;
    this.expected = digests.expected;
    this.actual = digests.actual;
  }
}
