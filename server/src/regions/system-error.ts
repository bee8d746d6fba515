/** The code of a system error (`ENOENT`) or a PostgreSQL error (its SQLSTATE); undefined for anything else. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** SQLSTATE query_canceled: statement_timeout or pg_cancel_backend. */
export const QUERY_CANCELED = '57014';
