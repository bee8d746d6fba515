/** One error in the input; `path` is a dotted path such as `filters.actions[2]`, '' for the whole input. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

/** The error codes of one HTTP server. Codes are contract: clients branch on them. Titles are for people and may change. */
export type ErrorCatalogue<Code extends string> = Readonly<
  Record<Code, { readonly status: number; readonly title: string }>
>;

export interface ProblemOptions {
  readonly errors?: readonly FieldError[];
  /** Extra members of the problem document, safe to show: `{ rows, maxRows }`. */
  readonly members?: Readonly<Record<string, string | number | boolean | null>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Logged, never shown to a client. */
  readonly cause?: unknown;
}

/**
 * An error that is safe to show to the client, as RFC 9457 problem details. Each server has a subclass with the codes of
 * its own catalogue.
 */
export class HttpProblem<Code extends string = string> extends Error {
  override readonly name = 'Problem';
  readonly code: Code;
  readonly status: number;
  readonly title: string;
  readonly errors: readonly FieldError[];
  readonly members: Readonly<Record<string, string | number | boolean | null>>;
  readonly headers: Readonly<Record<string, string>>;

  /** @param detail one or two sentences for the reader; must not contain secrets or another tenant's data */
  constructor(
    catalogue: ErrorCatalogue<Code>,
    code: Code,
    detail: string,
    options: ProblemOptions = {},
  ) {
    super(detail, { cause: options.cause });
    const { status, title } = catalogue[code];
    this.code = code;
    this.status = status;
    this.title = title;
    this.errors = options.errors ?? [];
    this.members = options.members ?? {};
    this.headers = options.headers ?? {};
  }

  /** The problem document: `type, title, status, code, detail, requestId, errors?` and the code's own members. */
  document(requestId: string): Readonly<Record<string, unknown>> {
    return {
      type: 'about:blank',
      title: this.title,
      status: this.status,
      code: this.code,
      detail: this.message,
      requestId,
      ...(this.errors.length > 0 ? { errors: this.errors } : {}),
      ...this.members,
    };
  }
}
