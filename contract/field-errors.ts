import type { z } from 'zod';
import type { FieldError } from './problem.ts';

const MAX_ERRORS_SHOWN = 50;

/** The detail of a problem is its first error; the first 50 are listed. */
export function describeFieldErrors(errors: readonly FieldError[]): {
  readonly detail: string;
  readonly shown: readonly FieldError[];
} {
  const [first] = errors;
  const where = first === undefined || first.path === '' ? '' : `${first.path}: `;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return {
    detail: `${where}${first?.message ?? 'The request is not valid'}${more}`,
    shown: errors.slice(0, MAX_ERRORS_SHOWN),
  };
}

interface ErrorPaths {
  /** Put before every path: `filters`; '' for none. */
  readonly prefix: string;
  /** Turns a path of the schema into the one the caller wrote. */
  readonly rename?: (path: readonly PropertyKey[]) => readonly PropertyKey[];
}

/** The errors of a failed parse, in the order in which the schema found them. */
export function fieldErrorsOf(error: z.core.$ZodError, paths: ErrorPaths): FieldError[] {
  return error.issues.flatMap((issue) => errorsOfIssue(issue, paths));
}

function errorsOfIssue(issue: z.core.$ZodIssue, paths: ErrorPaths): FieldError[] {
  const path = paths.rename?.(issue.path) ?? issue.path;
  if (issue.code !== 'unrecognized_keys') {
    return [{ path: formatPath(paths.prefix, path), message: issue.message }];
  }
  // strictFields writes one line per key; another schema has one message for all of them.
  const lines = issue.message.split('\n');
  return issue.keys.map((name, index) => ({
    path: formatPath(paths.prefix, [...path, shortName(name)]),
    message: lines[index] ?? lines[0] ?? issue.message,
  }));
}

/** `filters.metadata[0].path` */
function formatPath(prefix: string, path: readonly PropertyKey[]): string {
  let text = prefix;
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else text += text === '' ? String(step) : `.${String(step)}`;
  }
  return text;
}

/** A name from a caller, shortened so that an error cannot repeat a whole body. */
export function shortName(name: string): string {
  return name.length > 64 ? `${name.slice(0, 64).toWellFormed()}…` : name;
}
