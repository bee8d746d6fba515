export interface FieldError {
  readonly path: string;
  readonly message: string;
}

/** A failed call: the server's RFC 9457 problem details, or code `NETWORK` if there was no response. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  /** HTTP status; 0 if there was no response. */
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly errors: readonly FieldError[];
  readonly requestId: string | null;
  /** All members of the problem document: `currentVersion`, `maxBytes`, … */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(status: number, members: Readonly<Record<string, unknown>>) {
    super(textOf(members['detail']) ?? textOf(members['title']) ?? 'The request failed.');
    this.status = status;
    this.code = textOf(members['code']) ?? 'INTERNAL';
    this.title = textOf(members['title']) ?? 'The request failed';
    this.requestId = textOf(members['requestId']) ?? null;
    this.errors = fieldErrors(members['errors']);
    this.members = members;
  }

  /** The message for one field of the request. */
  fieldError(path: string): string | undefined {
    return this.errors.find((error) => error.path === path)?.message;
  }
}

/** No response: the browser is offline or the dashboard is down. */
export function networkProblem(): ApiProblem {
  return new ApiProblem(0, {
    code: 'NETWORK',
    title: "Can't reach Exhibit",
    detail: 'Exhibit did not respond. Check your connection, then try again.',
  });
}

export function isProblem(error: unknown, ...codes: readonly string[]): error is ApiProblem {
  return error instanceof ApiProblem && (codes.length === 0 || codes.includes(error.code));
}

/** Whether the requested item does not exist (any more). Other failures may be temporary. */
export function isGone(error: unknown): boolean {
  return isProblem(error, 'NOT_FOUND', 'SCHEMA_DRIFT');
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function fieldErrors(value: unknown): readonly FieldError[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry: unknown) => {
    const path = memberOf(entry, 'path');
    const message = memberOf(entry, 'message');
    return typeof path === 'string' && typeof message === 'string' ? [{ path, message }] : [];
  });
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
