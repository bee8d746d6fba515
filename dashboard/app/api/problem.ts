export interface FieldError {
  readonly path: string;
  readonly message: string;
}

/** Why a call failed: RFC 9457 problem details of the server, or `NETWORK` when no answer came. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  /** 0: no answer came. */
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly errors: readonly FieldError[];
  readonly requestId: string | null;
  /** Every member of the problem document: `currentVersion`, `maxBytes`, … */
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

  /** What is wrong with one field of what was sent. */
  fieldError(path: string): string | undefined {
    return this.errors.find((error) => error.path === path)?.message;
  }
}

/** No answer came: offline, or the dashboard is down. */
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

/** Whether what was asked for is not there (any more), or nothing of its kind is in the region; any other failure may pass. */
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
