/** The code of a system error (`ENOENT`) or a PostgreSQL error (its SQLSTATE); undefined for anything else. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** SQLSTATE query_canceled: statement_timeout or pg_cancel_backend. */
export const QUERY_CANCELED = '57014';

/**
 * True if PostgreSQL rejected this row (its data, a constraint, a limit of PostgreSQL); other rows may still succeed.
 */
export function isRowError(error: unknown): boolean {
  return /^(?:22|23|54)/.test(errorCode(error) ?? '');
}

/** SQLSTATE unique_violation. */
export const UNIQUE_VIOLATION = '23505';

/** The unique constraint or index of a PostgreSQL error; undefined for anything else. */
export function violatedConstraint(error: unknown): string | undefined {
  if (errorCode(error) !== UNIQUE_VIOLATION) return undefined;
  if (!(error instanceof Error) || !('constraint' in error)) return undefined;
  return typeof error.constraint === 'string' ? error.constraint : undefined;
}
