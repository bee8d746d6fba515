import type { z } from 'zod';
import { describeFieldErrors, fieldErrorsOf } from '../../../../contract/field-errors.ts';
import type { FieldError } from '../../../../contract/problem.ts';
import { ERROR_CATALOGUE, Problem, type ErrorCode } from '../../errors.ts';

interface ProblemDetails {
  readonly code?: ErrorCode | undefined;
  readonly cause?: unknown;
}

/** A VALIDATION_FAILED (or `code`) with the first error as detail and the first 50 errors listed. */
export function validationProblem(
  errors: readonly FieldError[],
  { code = 'VALIDATION_FAILED', cause }: ProblemDetails = {},
): Problem {
  const { detail, shown } = describeFieldErrors(errors);
  return new Problem(code, detail, { errors: shown, cause });
}

/** A schema puts this in a custom issue's `params` to be answered with a code of its own. */
export interface IssueParams {
  readonly code: ErrorCode;
}

/** The Problem for a failed parse: VALIDATION_FAILED, or the code that an issue requests. */
export function problemFromZodError(
  error: z.core.$ZodError,
  paths: Parameters<typeof fieldErrorsOf>[1],
): Problem {
  const code = error.issues.map(requestedCode).find((code) => code !== undefined);
  return validationProblem(fieldErrorsOf(error, paths), { code });
}

function requestedCode(issue: z.core.$ZodIssue): ErrorCode | undefined {
  if (issue.code !== 'custom') return undefined;
  const code: unknown = issue.params?.['code'];
  return isErrorCode(code) ? code : undefined;
}

function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(ERROR_CATALOGUE, code);
}
