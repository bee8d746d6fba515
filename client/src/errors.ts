import type { components } from './generated/openapi.ts';

export type Problem = components['schemas']['Problem'];

/** One thing wrong with the input; `path` is a dotted path such as `filters.actions[2]`. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

/** The server's codes; `UNEXPECTED_ANSWER` when the answer was not Exhibit's (a proxy's page, for example). */
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

/** The server answered, and the answer was no. Branch on `code`; show `detail`. */
export class ExhibitError extends Error {
  override readonly name: string = 'ExhibitError';
  /** HTTP status. */
  readonly status: number;
  readonly code: ErrorCode;
  /** What went wrong and what to do, for people. */
  readonly detail: string;
  /** Name this to an operator. */
  readonly requestId: string | undefined;
  /** Each field that is wrong; empty when it is not about fields. */
  readonly errors: readonly FieldError[];
  /** The whole RFC 9457 document, with the code's own members such as `rows` and `maxRows`. */
  readonly problem: Problem | undefined;
  /** How long the server asked to wait before another try. */
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

/** No answer came, or it broke off: whether the server did the work is unknown. `cause` is the runtime's error. */
export class ExhibitNetworkError extends Error {
  override readonly name: string = 'ExhibitNetworkError';
}

/** What arrived is not the file that the server has: do not use it. Digests are SHA-256 in hex. */
export class DigestMismatchError extends Error {
  override readonly name: string = 'DigestMismatchError';
  readonly jobId: string;
  readonly expected: string;
  readonly actual: string;

  constructor(jobId: string, digests: { readonly expected: string; readonly actual: string }) {
    super(
      `The file of export ${jobId} should have SHA-256 ${digests.expected}, what arrived has ${digests.actual}.`,
    );
    this.jobId = jobId;
    this.expected = digests.expected;
    this.actual = digests.actual;
  }
}
