import type { z } from 'zod';
import type { FieldError } from '../../../../contract/problem.ts';
import { ERROR_CATALOGUE, Problem, type ErrorCode } from '../../errors.ts';
import { shortName } from '../json/strict-fields.ts';

const MAX_ERRORS_SHOWN = 50;

interface ProblemDetails {
  readonly code?: ErrorCode | undefined;
  readonly cause?: unknown;
}

/** A VALIDATION_FAILED (or `code`) whose detail is the first error; the first 50 are listed. */
export function validationProblem(
  errors: readonly FieldError[],
  { code = 'VALIDATION_FAILED', cause }: ProblemDetails = {},
): Problem {
  const [first] = errors;
  const where = first === undefined || first.path === '' ? '' : `${first.path}: `;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return new Problem(code, `${where}${first?.message ?? 'The request is not valid'}${more}`, {
    errors: errors.slice(0, MAX_ERRORS_SHOWN),
    cause,
  });
}

/** What a schema puts in a custom issue's `params` to be answered with a code of its own. */
export interface IssueParams {
  readonly code: ErrorCode;
}

interface ProblemPaths {
  /** Put before every path: `filters`; '' for none. */
  readonly prefix: string;
  /** Turns a path of the schema into the one the caller wrote. */
  readonly rename?: (path: readonly PropertyKey[]) => readonly PropertyKey[];
}

/** The Problem for a failed parse: VALIDATION_FAILED, or the code that an issue asks for. */
export function problemFromZodError(error: z.core.$ZodError, paths: ProblemPaths): Problem {
  const code = error.issues.map(requestedCode).find((code) => code !== undefined);
  return validationProblem(
    error.issues.flatMap((issue) => fieldErrors(issue, paths)),
    { code },
  );
}

function requestedCode(issue: z.core.$ZodIssue): ErrorCode | undefined {
  if (issue.code !== 'custom') return undefined;
  const code: unknown = issue.params?.['code'];
  return isErrorCode(code) ? code : undefined;
}

function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(ERROR_CATALOGUE, code);
}

function fieldErrors(issue: z.core.$ZodIssue, paths: ProblemPaths): FieldError[] {
  const path = paths.rename?.(issue.path) ?? issue.path;
  if (issue.code !== 'unrecognized_keys') {
    return [{ path: formatPath(paths.prefix, path), message: issue.message }];
  }
  // strictFields writes a line for each key; another schema's message stands for all of them.
  const lines = issue.message.split('\n');
  return issue.keys.map((name, index) => ({
    path: formatPath(paths.prefix, [...path, shortName(name)]),
    // Of as many as this only the first are shown, and those have their line.
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
