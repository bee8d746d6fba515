import { errorCode } from './system-error.ts';

const SYSTEM_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EPIPE',
  'EHOSTUNREACH',
]);

// Class 08 connection exceptions; 53 too many connections, disk or memory; 57P shut down or starting up.
const SQLSTATES = /^(?:08|53|57P)/;

/** True when an error says that PostgreSQL cannot be reached or takes no work now: worth trying again. */
export function isConnectionError(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isConnectionError);
  if (!(error instanceof Error)) return false;
  const code = errorCode(error);
  if (code !== undefined) return SYSTEM_CODES.has(code) || SQLSTATES.test(code);
  // pg reports these without a code.
  return /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/.test(
    error.message,
  );
}
